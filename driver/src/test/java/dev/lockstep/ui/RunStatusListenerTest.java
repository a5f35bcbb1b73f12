package dev.lockstep.ui;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.watch.EpochPoint;
import dev.lockstep.watch.LayerPoint;
import dev.lockstep.watch.Pace;
import dev.lockstep.watch.RankPace;
import dev.lockstep.watch.RunDescription;
import dev.lockstep.watch.Scores;
import dev.lockstep.watch.StepPoint;
import dev.lockstep.watch.TrainingEnded;
import dev.lockstep.watch.TrainingProgressed;
import dev.lockstep.watch.TrainingStarted;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.status.ElementTrackingStore;
import org.apache.spark.status.KVUtils.KVStoreScalaSerializer;
import org.apache.spark.util.kvstore.InMemoryStore;
import org.junit.jupiter.api.Test;

final class RunStatusListenerTest {
  static final String HOSTILE = "<img src=x onerror='alert(1)'>\"&";

  private final InMemoryStore memory = new InMemoryStore();
  private final ElementTrackingStore store = new ElementTrackingStore(memory, new SparkConf(false));

  static TrainingStarted started(int run, String name) {
    return new TrainingStarted(
        run,
        1000,
        new RunDescription(
            name,
            "allreduce",
            3,
            4,
            "scalar",
            1,
            320,
            32,
            10,
            4,
            List.of("dense 2"),
            "hinge",
            "momentum",
            0.05,
            0,
            1000,
            10,
            "0.1.0"));
  }

  static TrainingProgressed progressed(int run, long step, double slowness) {
    return new TrainingProgressed(
        run,
        1000 + step,
        new StepPoint(step + 1, 1, 0.5, 0.05, 2),
        List.of(new StepPoint(step, 1, 1.0 / step, 0.05, 2)),
        List.of(new EpochPoint(step, step / 10, 0.7, new Scores(0.6, 0.875))),
        List.of(new Pace(step, 1, 32, 1_000_000, 600_000, 100_000, 300_000)),
        List.of(
            new RankPace("executor 0 on a", 1, 500_000, 100_000, 900_000),
            new RankPace("executor 1 on " + HOSTILE, 1, (long) (500_000 * slowness), 100_000, 0),
            new RankPace("executor 2 on c", 1, 500_000, 100_000, 900_000)),
        List.of(
            new LayerPoint(1, "dense 4x2", 2, 0.5, 0.2, "dead", 0.25, "layer 1: too " + HOSTILE)));
  }

  static TrainingEnded ended(int run) {
    return new TrainingEnded(run, 3000, "finished", "", new Scores(0.1, 0.9), new Scores(0.2, 0.8));
  }

  private RunView view(int run) {
    return store.read(RunView.class, run);
  }

  @Test
  void whatIsHeardIsInTheStoreAtOnce() {
    RunStatusListener listener = new RunStatusListener(store, true);
    listener.onOtherEvent(started(7, "runs/a"));
    assertThat(view(7).isRunning()).isTrue();
    assertThat(view(7).done()).isZero();
    listener.onOtherEvent(progressed(7, 10, 1));
    listener.onOtherEvent(progressed(7, 20, 1));
    assertThat(view(7).done()).isEqualTo(21);
    assertThat(view(7).steps()).extracting(StepPoint::step).containsExactly(10L, 20L);
    assertThat(view(7).recent().get(0).steps()).isEqualTo(2);
    assertThat(view(7).ranks().get(0).steps()).isEqualTo(2);
    assertThat(view(7).lastValidation().accuracy()).isEqualTo(0.875);
    listener.onOtherEvent(ended(7));
    assertThat(view(7).status()).isEqualTo("finished");
    assertThat(view(7).test()).isEqualTo(new Scores(0.2, 0.8));
    listener.onOtherEvent(progressed(7, 30, 1));
    assertThat(view(7).done()).isEqualTo(21);
  }

  /** Ten seconds at the most. */
  @Test
  void whatRanksDidLatelyIsNotWhatTheyDidLongAgo() {
    RunStatusListener listener = new RunStatusListener(store, true);
    listener.onOtherEvent(started(1, "runs/a"));
    for (int step = 1; step <= 60_000; step += 100) {
      listener.onOtherEvent(progressed(1, step, 1));
    }
    assertThat(view(1).ranks().get(0).steps()).isEqualTo(600);
    assertThat(view(1).recent().get(0).steps()).isBetween(50L, 102L);
  }

  @Test
  void ofALogThatEndsInTheMiddleTheRunIsThereToo() throws Exception {
    RunStatusListener listener = new RunStatusListener(store, false);
    listener.onOtherEvent(started(1, "runs/a"));
    listener.onOtherEvent(progressed(1, 10, 1));
    store.close(false);
    assertThat(memory.read(RunView.class, 1).done()).isEqualTo(11);
    assertThat(TrainingPage.runs(memory)).hasSize(1);
  }

  @Test
  void aLongRunTakesNoMoreRoomThanAShortOne() {
    RunStatusListener listener = new RunStatusListener(store, true);
    listener.onOtherEvent(started(1, "runs/a"));
    for (int step = 1; step <= 20_000; step++) {
      listener.onOtherEvent(progressed(1, step, 1));
    }
    assertThat(view(1).steps()).hasSizeBetween(256, 512);
    assertThat(view(1).epochs()).hasSizeBetween(256, 512);
    assertThat(view(1).paces()).hasSizeBetween(64, 128);
    assertThat(view(1).paces().stream().mapToLong(Pace::steps).sum()).isEqualTo(20_000);
    assertThat(view(1).steps().get(view(1).steps().size() - 1).step()).isEqualTo(20_000);
  }

  @Test
  void ofVeryManyRunsTheOldestAreForgotten() {
    RunStatusListener listener = new RunStatusListener(store, true);
    int runs = RunStatusListener.MOST_RUNS + 5;
    for (int run = 1; run <= runs; run++) {
      listener.onOtherEvent(started(run, "fit " + run));
      listener.onOtherEvent(ended(run));
    }
    List<RunView> views = TrainingPage.runs(store);
    assertThat(views).hasSize(RunStatusListener.MOST_RUNS);
    assertThat(views.get(0).id()).isEqualTo(runs);
    assertThat(views.get(views.size() - 1).id()).isEqualTo(6);
  }

  /** The History Server may keep its store on disk (spark.history.store.path). */
  @Test
  void aViewComesBackFromADiskAsItWas() throws Exception {
    RunStatusListener listener = new RunStatusListener(store, true);
    listener.onOtherEvent(started(1, "runs/a"));
    listener.onOtherEvent(progressed(1, 10, 2));
    KVStoreScalaSerializer serializer = new KVStoreScalaSerializer();
    RunView view = view(1);
    assertThat(serializer.deserialize(serializer.serialize(view), RunView.class)).isEqualTo(view);
  }
}
