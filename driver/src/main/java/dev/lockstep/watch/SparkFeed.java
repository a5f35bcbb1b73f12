package dev.lockstep.watch;

import dev.lockstep.engine.LayerHealth;
import dev.lockstep.engine.RankTimes;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.metric.Evaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.apache.spark.scheduler.SparkListenerEvent;

/**
 * Tells Spark's listeners of a run. The run only leaves word here; a thread of its own passes it
 * on, no more than four times a second, however fast steps and epochs go by.
 */
public final class SparkFeed implements RunWatcher {
  private static final long EVERY_MILLIS = 250;

  /** Of an event: so many points at the most. */
  private static final int MOST_POINTS = 64;

  private static final int MOST_PACES = 8;

  /** All ranks of a thousand take 100 KB of an event log: they are told of so much less often. */
  private static final long MILLIS_PER_RANK = 20;

  private static final AtomicInteger RUNS = new AtomicInteger();

  private final int run = RUNS.incrementAndGet();
  private final Consumer<SparkListenerEvent> bus;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread made = new Thread(work, "lockstep-watch-" + run);
            made.setDaemon(true);
            return made;
          });

  private final Thinned<StepPoint> steps = Thinned.sampled(MOST_POINTS);
  private final Thinned<EpochPoint> epochs = Thinned.sampled(MOST_POINTS);
  private final Thinned<Pace> paces = new Thinned<>(MOST_PACES, Pace::then);
  private List<RankPace> ranks = List.of();
  private List<LayerPoint> layers = List.of();
  private StepPoint now;
  private boolean isNews;
  private long ranksToldAt = System.nanoTime();

  /**
   * Of a run that begins now.
   *
   * @param bus takes the events, at once
   */
  public SparkFeed(RunDescription description, Consumer<SparkListenerEvent> bus) {
    this.bus = bus;
    bus.accept(new TrainingStarted(run, System.currentTimeMillis(), description));
    var unused =
        thread.scheduleWithFixedDelay(
            () -> post(false), EVERY_MILLIS, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public synchronized void onStep(StepRecord step) {
    if (now == null || step.step() > now.step()) {
      now = StepPoint.of(step);
      isNews = true;
    }
  }

  @Override
  public synchronized void onRound(
      RoundResult result, Optional<Evaluation> validation, List<LayerHealth> health) {
    result.records().forEach(step -> steps.add(StepPoint.of(step)));
    StepRecord last = result.records().get(result.records().size() - 1);
    onStep(last);
    State state = result.state();
    if (validation.isPresent() || !health.isEmpty()) {
      double loss = state.monitors().epoch().meanLoss();
      epochs.add(new EpochPoint(last.step(), last.epoch(), loss, Scores.of(validation)));
    }
    if (!health.isEmpty()) {
      layers = health.stream().map(LayerPoint::of).toList();
    }
    paces.add(Pace.of(result));
    ranks = then(ranks, result.times().ranks(), result.records().size());
    isNews = true;
  }

  private static List<RankPace> then(List<RankPace> before, List<RankTimes> round, long steps) {
    List<RankPace> after = new ArrayList<>();
    for (int r = 0; r < round.size(); r++) {
      RankTimes times = round.get(r);
      RankPace pace =
          new RankPace(
              times.place(),
              steps,
              times.split().compute(),
              times.split().exchange(),
              times.split().waiting());
      after.add(r < before.size() ? before.get(r).then(pace) : pace);
    }
    return after;
  }

  private synchronized void post(boolean isLast) {
    if (!isNews) {
      return;
    }
    isNews = false;
    List<RankPace> told = List.of();
    long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - ranksToldAt);
    if (isLast || millis > MILLIS_PER_RANK * ranks.size()) {
      told = ranks;
      ranks = List.of();
      ranksToldAt = System.nanoTime();
    }
    bus.accept(
        new TrainingProgressed(
            run,
            System.currentTimeMillis(),
            now,
            steps.items(),
            epochs.items(),
            paces.items(),
            told,
            layers));
    steps.clear();
    epochs.clear();
    paces.clear();
    layers = List.of();
  }

  @Override
  public void onEnd(RunEnd end) {
    close();
    post(true);
    bus.accept(
        new TrainingEnded(
            run,
            System.currentTimeMillis(),
            end.status().name().toLowerCase(Locale.ROOT),
            end.message(),
            Scores.of(end.train()),
            Scores.of(end.test())));
  }

  @Override
  public void close() {
    thread.shutdownNow();
    try {
      thread.awaitTermination(EVERY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
