package dev.lockstep.train;

import dev.lockstep.engine.Round;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.State;
import java.util.OptionalInt;

/**
 * Cuts a run into rounds. A round ends at every epoch end, checkpoint and validation; between those
 * its length aims at some seconds of work, which affects no result.
 */
final class RoundPlan {
  private static final double AIM_NANOS = 5e9;
  private static final double FIRST_AIM_NANOS = 0.5e9;
  private static final double GUESS_NANOS = 10e6;

  private final long steps;
  private final long stepsPerEpoch;
  private final OptionalInt checkpointEvery;
  private final OptionalInt validateEvery;
  private final OptionalInt roundSteps;
  private double nanosPerStep = GUESS_NANOS;
  private double aimNanos = FIRST_AIM_NANOS;

  RoundPlan(
      long steps,
      long stepsPerEpoch,
      OptionalInt checkpointEvery,
      OptionalInt validateEvery,
      OptionalInt roundSteps) {
    this.steps = steps;
    this.stepsPerEpoch = stepsPerEpoch;
    this.checkpointEvery = checkpointEvery;
    this.validateEvery = validateEvery;
    this.roundSteps = roundSteps;
  }

  boolean isDone(State state) {
    return state.step() >= steps || state.monitors().decisions().isStopped();
  }

  /** Whether a state is to be saved. */
  boolean isCheckpoint(State state) {
    long step = state.step();
    return isDone(state) || step % checkpointEvery.orElse(clampToInt(stepsPerEpoch)) == 0;
  }

  Round nextRound(State state) {
    long step = state.step();
    long length = Math.min(steps - step, stepsPerEpoch - step % stepsPerEpoch);
    length = Math.min(length, leftOf(checkpointEvery, step));
    length = Math.min(length, leftOf(validateEvery, step));
    long wished = roundSteps.orElse(clampToInt((long) (aimNanos / nanosPerStep)));
    return new Round(step, clampToInt(Math.min(length, Math.max(1, wished))));
  }

  private static long leftOf(OptionalInt every, long step) {
    return every.isPresent() ? every.getAsInt() - step % every.getAsInt() : Long.MAX_VALUE;
  }

  /** Learns how long a step takes. */
  void observe(RoundResult result) {
    nanosPerStep = Math.max(1, (double) result.nanos() / Math.max(1, result.records().size()));
    aimNanos = AIM_NANOS;
  }

  private static int clampToInt(long value) {
    return (int) Math.min(Integer.MAX_VALUE, value);
  }
}
