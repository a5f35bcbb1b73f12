package dev.lockstep.config;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What a run may take before its last step. It cuts a run off and shapes nothing: schedules go by
 * {@code epochs} and {@code steps}. So a run that its budget ended goes on with a larger one as
 * though it had never stopped.
 *
 * @param seconds of training, without data and evaluation at the end; empty for any
 * @param steps from the first step on; empty for any
 */
public record BudgetConfig(OptionalDouble seconds, OptionalInt steps) {
  private static final double MAX_SECONDS = 1e9;

  public BudgetConfig {
    Checks checks = new Checks();
    seconds.ifPresent(
        s ->
            checks.check(
                s > 0 && s <= MAX_SECONDS,
                "budget.seconds",
                s,
                "want a number above 0, to 1000000000"));
    steps.ifPresent(s -> checks.range("budget.steps", s, 1, RunConfig.MAX_STEPS));
    checks.done();
  }

  static BudgetConfig read(Values values) {
    return new BudgetConfig(
        values.numberOr("budget.seconds", RunConfig.AUTO),
        values.wholeIntOr("budget.steps", RunConfig.AUTO));
  }

  void write(Entries entries) {
    entries.put("budget.seconds", seconds, RunConfig.AUTO);
    entries.put("budget.steps", steps, RunConfig.AUTO);
  }
}
