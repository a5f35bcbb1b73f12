package dev.lockstep.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.engine.RoundResult;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.junit.jupiter.api.Test;

final class SparkFeedTest {
  private static final long PATIENCE_MILLIS = 10_000;

  private final List<SparkListenerEvent> events = new CopyOnWriteArrayList<>();
  private final SparkFeed feed = new SparkFeed(Rounds.RUN, events::add);

  private List<TrainingProgressed> progress() {
    return events.stream()
        .filter(TrainingProgressed.class::isInstance)
        .map(TrainingProgressed.class::cast)
        .toList();
  }

  private void round(long first, long last) {
    RoundResult round = Rounds.round(first, last);
    boolean isEpochEnd = last % Rounds.STEPS_PER_EPOCH == 0;
    feed.onRound(round, Optional.empty(), isEpochEnd ? List.of(Rounds.HEALTH) : List.of());
  }

  @Test
  void tellsOfBeginningProgressAndEnd() {
    round(1, 10);
    feed.onStep(Rounds.step(12));
    feed.onEnd(RunEnd.early(RunEnd.Status.INTERRUPTED, "stopped"));
    assertThat(events).hasSize(3);
    TrainingStarted started = (TrainingStarted) events.get(0);
    assertThat(started.description()).isEqualTo(Rounds.RUN);
    TrainingProgressed progress = progress().get(0);
    assertThat(progress.run()).isEqualTo(started.run());
    assertThat(progress.now()).isEqualTo(StepPoint.of(Rounds.step(12)));
    assertThat(progress.steps()).hasSize(10).endsWith(StepPoint.of(Rounds.step(10)));
    assertThat(progress.epochs())
        .containsExactly(new EpochPoint(10, 1, Rounds.EPOCH_LOSS, Scores.NONE));
    assertThat(progress.layers()).containsExactly(LayerPoint.of(Rounds.HEALTH));
    assertThat(progress.paces())
        .containsExactly(new Pace(10, 10, 320, 10_000_000, 7_000_000, 1_000_000, 2_000_000));
    assertThat(progress.ranks())
        .containsExactly(
            new RankPace("driver on a", 10, 6_000_000, 1_000_000, 3_000_000),
            new RankPace("executor 1 on b", 10, 8_000_000, 1_000_000, 1_000_000));
    TrainingEnded ended = (TrainingEnded) events.get(2);
    assertThat(ended.status()).isEqualTo("interrupted");
    assertThat(ended.message()).isEqualTo("stopped");
    assertThat(ended.train()).isEqualTo(Scores.NONE);
  }

  @Test
  void aStepThatIsHeardAgainIsNotOlderThanWhatWasHeard() {
    feed.onStep(Rounds.step(5));
    feed.onStep(Rounds.step(3));
    feed.onEnd(RunEnd.early(RunEnd.Status.FAILED, ""));
    assertThat(progress().get(0).now().step()).isEqualTo(5);
  }

  /** Ten thousand epochs in no time are a handful of small events, and their sums are whole. */
  @Test
  void tellsNoMoreThanAFewTimesASecond() throws InterruptedException {
    long begun = System.nanoTime();
    for (long epoch = 0; epoch < 10_000; epoch++) {
      round(10 * epoch + 1, 10 * epoch + 10);
    }
    while (progress().isEmpty() && System.nanoTime() - begun < PATIENCE_MILLIS * 1_000_000) {
      Thread.sleep(10);
    }
    feed.onEnd(RunEnd.early(RunEnd.Status.FAILED, ""));
    double seconds = (System.nanoTime() - begun) / 1e9;
    assertThat(progress()).hasSizeBetween(1, (int) (4 * seconds) + 2);
    for (TrainingProgressed progress : progress()) {
      assertThat(progress.steps()).hasSizeBetween(1, 64);
      assertThat(progress.epochs()).hasSizeBetween(1, 64);
      assertThat(progress.paces()).hasSizeBetween(1, 8);
    }
    TrainingProgressed last = progress().get(progress().size() - 1);
    assertThat(last.epochs().get(last.epochs().size() - 1).epoch()).isEqualTo(10_000);
    assertThat(last.steps().get(last.steps().size() - 1).step()).isEqualTo(100_000);
    assertThat(progress().stream().flatMap(p -> p.paces().stream()).mapToLong(Pace::steps).sum())
        .isEqualTo(100_000);
    assertThat(
            progress().stream().flatMap(p -> p.ranks().stream()).mapToLong(RankPace::steps).sum())
        .isEqualTo(200_000);
  }

  @Test
  void leavesNoThreadBehind() {
    TrainingStarted started = (TrainingStarted) events.get(0);
    String name = "lockstep-watch-" + started.run();
    feed.onStep(Rounds.step(1));
    assertThat(Thread.getAllStackTraces().keySet()).anyMatch(t -> t.getName().equals(name));
    feed.onEnd(RunEnd.early(RunEnd.Status.FAILED, ""));
    feed.close();
    assertThat(Thread.getAllStackTraces().keySet()).noneMatch(t -> t.getName().equals(name));
  }
}
