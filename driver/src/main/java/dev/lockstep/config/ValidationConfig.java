package dev.lockstep.config;

import java.util.List;
import java.util.OptionalInt;

/**
 * What is held out of the training set, to see how well a network does on what it has not seen.
 *
 * @param fraction of the training examples, at least 0 and below 1; 0 for none
 * @param everySteps steps between two evaluations; empty for every end of an epoch
 * @param metric what plateaus and early stops look at, one of {@link #METRICS}
 */
public record ValidationConfig(double fraction, OptionalInt everySteps, String metric) {
  /** What can be looked at. */
  public static final List<String> METRICS = List.of("loss", "accuracy");

  private static final String EPOCH = "epoch";

  public ValidationConfig {
    Checks checks = new Checks();
    checks.check(
        fraction >= 0 && fraction < 1,
        "validation.fraction",
        fraction,
        "want a number from 0 to below 1");
    everySteps.ifPresent(steps -> checks.range("validation.every", steps, 1, RunConfig.MAX_STEPS));
    checks.oneOf("validation.metric", metric, METRICS);
    checks.done();
  }

  static ValidationConfig read(Values values) {
    return new ValidationConfig(
        values.number("validation.fraction"),
        values.wholeIntOr("validation.every", EPOCH),
        values.text("validation.metric"));
  }

  void write(Entries entries) {
    entries.put("validation.fraction", fraction);
    entries.put("validation.every", everySteps, EPOCH);
    entries.put("validation.metric", metric);
  }
}
