package dev.lockstep.ui;

import dev.lockstep.watch.EpochPoint;
import dev.lockstep.watch.LayerPoint;
import dev.lockstep.watch.Pace;
import dev.lockstep.watch.RankPace;
import dev.lockstep.watch.Scores;
import dev.lockstep.watch.StepPoint;
import dev.lockstep.watch.Thinned;
import dev.lockstep.watch.TrainingEnded;
import dev.lockstep.watch.TrainingProgressed;
import dev.lockstep.watch.TrainingStarted;
import java.util.ArrayList;
import java.util.List;

/** A run as its events come in. For use by one thread. */
final class LiveRun {
  private static final int MOST_STEPS = 512;
  private static final int MOST_EPOCHS = 512;
  private static final int MOST_PACES = 128;
  private static final long SPAN_MILLIS = 5000;

  private final TrainingStarted start;
  private final Thinned<StepPoint> steps = Thinned.sampled(MOST_STEPS);
  private final Thinned<EpochPoint> epochs = Thinned.sampled(MOST_EPOCHS);
  private final Thinned<Pace> paces = new Thinned<>(MOST_PACES, Pace::then);
  private long updated;
  private String status = RunView.RUNNING;
  private String message = "";
  private StepPoint now;

  /** What ranks did lately is what they did in this span and in the one before it. */
  private List<RankPace> thisSpan = List.of();

  private List<RankPace> lastSpan = List.of();
  private long spanBegan;
  private List<RankPace> ranks = List.of();
  private List<LayerPoint> layers = List.of();
  private Scores train = Scores.NONE;
  private Scores test = Scores.NONE;

  LiveRun(TrainingStarted start) {
    this.start = start;
    this.updated = start.time();
    this.spanBegan = start.time();
  }

  void progressed(TrainingProgressed event) {
    updated = event.time();
    now = event.now() == null ? now : event.now();
    event.steps().forEach(steps::add);
    event.epochs().forEach(epochs::add);
    event.paces().forEach(paces::add);
    layers = event.layers().isEmpty() ? layers : event.layers();
    if (!event.ranks().isEmpty()) {
      if (event.time() - spanBegan > SPAN_MILLIS) {
        spanBegan = event.time();
        lastSpan = thisSpan;
        thisSpan = List.of();
      }
      thisSpan = then(thisSpan, event.ranks());
      ranks = then(ranks, event.ranks());
    }
  }

  private static List<RankPace> then(List<RankPace> before, List<RankPace> next) {
    List<RankPace> after = new ArrayList<>();
    for (int r = 0; r < next.size(); r++) {
      after.add(r < before.size() ? before.get(r).then(next.get(r)) : next.get(r));
    }
    return after;
  }

  void ended(TrainingEnded event) {
    updated = event.time();
    status = event.status();
    message = event.message();
    train = event.train();
    test = event.test();
  }

  RunView view() {
    return new RunView(
        start.run(),
        start.description(),
        start.time(),
        updated,
        status,
        message,
        now,
        steps.items(),
        epochs.items(),
        paces.items(),
        lastSpan.size() == thisSpan.size() ? then(lastSpan, thisSpan) : thisSpan,
        ranks,
        layers,
        train,
        test);
  }
}
