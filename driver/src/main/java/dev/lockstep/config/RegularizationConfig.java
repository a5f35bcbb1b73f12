package dev.lockstep.config;

import dev.lockstep.optimizer.Penalties;
import java.util.OptionalDouble;

/**
 * What keeps weights small, as {@link Penalties} has it.
 *
 * @param l1 0 or more
 * @param l2 0 or more
 * @param weightDecay 0 or more; empty for the optimiser's own
 * @param maxNorm above 0, or 0 for no bound
 */
public record RegularizationConfig(
    double l1, double l2, OptionalDouble weightDecay, double maxNorm) {
  public RegularizationConfig {
    Checks checks = new Checks();
    check(checks, "regularization.l1", l1);
    check(checks, "regularization.l2", l2);
    weightDecay.ifPresent(decay -> check(checks, "regularization.weight-decay", decay));
    check(checks, "regularization.max-norm", maxNorm);
    checks.done();
  }

  private static void check(Checks checks, String key, double value) {
    checks.check(value >= 0 && value <= Float.MAX_VALUE, key, value, "want a number, 0 or more");
  }

  static RegularizationConfig read(Values values) {
    return new RegularizationConfig(
        values.number("regularization.l1"),
        values.number("regularization.l2"),
        values.numberOr("regularization.weight-decay", RunConfig.AUTO),
        values.number("regularization.max-norm"));
  }

  void write(Entries entries) {
    entries.put("regularization.l1", l1);
    entries.put("regularization.l2", l2);
    entries.put("regularization.weight-decay", weightDecay, RunConfig.AUTO);
    entries.put("regularization.max-norm", maxNorm);
  }

  /** With the decay that an optimiser has by default. */
  Penalties penalties(double decayOfOptimizer) {
    return new Penalties(
        (float) l1, (float) l2, (float) weightDecay.orElse(decayOfOptimizer), (float) maxNorm);
  }
}
