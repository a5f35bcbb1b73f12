package dev.lockstep.schedule;

import dev.lockstep.data.BatchPlan;

/**
 * What a schedule is made for.
 *
 * @param rate the rate that it starts from, or climbs to
 * @param plan what epochs and examples are in steps
 * @param first the step (from 0) of the run with which it begins
 * @param steps steps of the run, or of its part in it; at least 1
 */
public record Horizon(double rate, BatchPlan plan, long first, long steps) {
  public Horizon {
    if (steps < 1) {
      throw new IllegalArgumentException("%d steps: want at least 1".formatted(steps));
    }
  }

  /** A whole run. */
  public Horizon(double rate, BatchPlan plan, long steps) {
    this(rate, plan, 0, steps);
  }

  /** What of it is left after so many steps. */
  Horizon from(long done) {
    return new Horizon(rate, plan, first + done, Math.max(1, steps - done));
  }

  /** Steps of so many epochs from the beginning. */
  long stepsOfEpochs(long epochs) {
    long epoch = plan.epochOf(first);
    return Math.subtractExact(
        plan.firstStepOf(Math.addExact(epoch, epochs)), plan.firstStepOf(epoch));
  }

  /** The fewest steps from the beginning of its epoch that have so many examples. */
  long stepsForExamples(long examples) {
    long epoch = plan.epochOf(first);
    return plan.stepsFor(epoch * plan.examples() + examples) - plan.firstStepOf(epoch);
  }

  /** Whether all epochs have the same number of steps. */
  boolean isEven() {
    return !plan.growth().isOn();
  }
}
