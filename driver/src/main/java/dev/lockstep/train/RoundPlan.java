package dev.lockstep.train;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.State;
import java.util.OptionalInt;

/**
 * Cuts a run into rounds. A round ends at every epoch end, checkpoint and validation; between those
 * its length aims at some seconds of work, which affects no result. Only a budget of seconds may
 * end the run by a clock.
 */
final class RoundPlan {
  private static final double AIM_NANOS = 5e9;
  private static final double FIRST_AIM_NANOS = 0.5e9;
  private static final double GUESS_NANOS = 10e6;

  private final long steps;
  private final BatchPlan plan;
  private final OptionalInt checkpointEvery;
  private final OptionalInt validateEvery;
  private final OptionalInt roundSteps;
  private final Budget budget;
  private double nanosPerStep = GUESS_NANOS;
  private double aimNanos = FIRST_AIM_NANOS;

  RoundPlan(
      long steps,
      BatchPlan plan,
      OptionalInt checkpointEvery,
      OptionalInt validateEvery,
      OptionalInt roundSteps,
      Budget budget) {
    this.steps = steps;
    this.plan = plan;
    this.checkpointEvery = checkpointEvery;
    this.validateEvery = validateEvery;
    this.roundSteps = roundSteps;
    this.budget = budget;
  }

  boolean isDone(State state) {
    return isAtEnd(state) || budget.isSpent(state.step());
  }

  /** Whether the run is over whatever it may take. */
  private boolean isAtEnd(State state) {
    return state.step() >= steps || state.monitors().decisions().isStopped();
  }

  /** What ended the run, for {@code summary.json}. */
  String endedBy(State end) {
    if (end.monitors().decisions().isAtGoal()) {
      return "goal";
    }
    if (end.monitors().decisions().isStopped()) {
      return "patience";
    }
    return isAtEnd(end) ? "steps" : Budget.NAME;
  }

  /** Whether a state is to be saved. */
  boolean isCheckpoint(State state) {
    long step = state.step();
    boolean isDue =
        checkpointEvery.isPresent()
            ? step % checkpointEvery.getAsInt() == 0
            : plan.isFirstOfEpoch(step);
    return isDue || isDone(state);
  }

  Round nextRound(State state) {
    long step = state.step();
    long length = Math.min(steps - step, plan.firstStepOf(plan.epochOf(step) + 1) - step);
    length = Math.min(length, leftOf(checkpointEvery, step));
    length = Math.min(length, leftOf(validateEvery, step));
    length = Math.min(length, budget.stepsLeft(step));
    double aim = Math.min(aimNanos, budget.nanosLeft());
    long wished = roundSteps.orElse(clampToInt((long) (aim / nanosPerStep)));
    return new Round(step, clampToInt(Math.min(length, Math.max(1, wished))));
  }

  private static long leftOf(OptionalInt every, long step) {
    return every.isPresent() ? every.getAsInt() - step % every.getAsInt() : Long.MAX_VALUE;
  }

  /** Learns how long a step takes. */
  void observe(RoundResult result) {
    nanosPerStep = Math.max(1, (double) result.nanos() / Math.max(1, result.records().size()));
    aimNanos = AIM_NANOS;
    budget.look();
  }

  private static int clampToInt(long value) {
    return (int) Math.min(Integer.MAX_VALUE, value);
  }
}
