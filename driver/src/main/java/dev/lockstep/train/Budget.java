package dev.lockstep.train;

import dev.lockstep.config.BudgetConfig;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.LongSupplier;

/**
 * What is left of the budget of a run. The clock is read once a round, so that all who ask about
 * its end get the same answer.
 */
final class Budget {
  /** As {@code summary.json} writes it. */
  static final String NAME = "budget";

  private static final double NANOS = 1e9;

  private final OptionalDouble nanos;
  private final OptionalInt steps;
  private final LongSupplier clock;
  private final long begun;
  private long spent;

  /**
   * A budget that counts from now on.
   *
   * @param clock nanoseconds from some moment on
   */
  Budget(BudgetConfig config, LongSupplier clock) {
    this.nanos =
        config.seconds().isPresent()
            ? OptionalDouble.of(config.seconds().getAsDouble() * NANOS)
            : OptionalDouble.empty();
    this.steps = config.steps();
    this.clock = clock;
    this.begun = clock.getAsLong();
  }

  /** Reads the clock, at the end of a round. */
  void look() {
    spent = clock.getAsLong() - begun;
  }

  /** Whether it is spent after so many steps, by the last {@link #look}. */
  boolean isSpent(long step) {
    return stepsLeft(step) <= 0 || (nanos.isPresent() && spent >= nanos.getAsDouble());
  }

  /** How many steps are left after so many. */
  long stepsLeft(long step) {
    return steps.isPresent() ? steps.getAsInt() - step : Long.MAX_VALUE;
  }

  /** How much time was left at the last {@link #look}. */
  double nanosLeft() {
    return nanos.orElse(Double.POSITIVE_INFINITY) - spent;
  }
}
