package dev.lockstep.watch;

import dev.lockstep.engine.Decisions;
import dev.lockstep.engine.EpochSums;
import dev.lockstep.engine.LayerHealth;
import dev.lockstep.engine.Monitors;
import dev.lockstep.engine.RankTimes;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.RoundTimes;
import dev.lockstep.engine.SlicedVector;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.engine.TimeSplit;
import dev.lockstep.layer.Health;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** Rounds as an engine would report them: ten steps an epoch, a millisecond each, two ranks. */
final class Rounds {
  static final long STEPS_PER_EPOCH = 10;
  static final double EPOCH_LOSS = 0.75;
  static final LayerHealth HEALTH =
      new LayerHealth(
          1,
          "dense 4x2",
          Optional.of(new LayerHealth.Norms(2, 0.5, 0.002)),
          new Health("dead", 0.25, 0.5, "a remedy"));

  static final RunDescription RUN =
      new RunDescription(
          "runs/a",
          "allreduce",
          2,
          4,
          "scalar",
          1,
          320,
          32,
          10,
          4,
          List.of("dense 2"),
          "softmax-cross-entropy",
          "momentum",
          0.05,
          0,
          100,
          STEPS_PER_EPOCH,
          "0.1.0");

  private Rounds() {}

  static StepRecord step(long step) {
    long epoch = (step - 1) / STEPS_PER_EPOCH + 1;
    return new StepRecord(step, epoch, 32, 1.0 / step, 0.05, 2.0 / step);
  }

  /** The steps [first, last], counted from 1. */
  static RoundResult round(long first, long last) {
    List<StepRecord> records = LongStream.rangeClosed(first, last).mapToObj(Rounds::step).toList();
    EpochSums epoch = new EpochSums(EPOCH_LOSS * 64, 64, 64, List.of(), List.of(), List.of());
    State state =
        new State(
            last,
            1,
            new SlicedVector(List.of()),
            List.of(),
            List.of(),
            new Monitors(epoch, Decisions.NONE));
    int steps = records.size();
    RoundTimes times =
        new RoundTimes(
            List.of(
                new RankTimes(
                    "driver on a",
                    new TimeSplit(600_000L * steps, 100_000L * steps, 300_000L * steps)),
                new RankTimes(
                    "executor 1 on b",
                    new TimeSplit(800_000L * steps, 100_000L * steps, 100_000L * steps))),
            Collections.nCopies(steps, 1_000_000L));
    return new RoundResult(state, records, 1_000_000L * steps, times);
  }
}
