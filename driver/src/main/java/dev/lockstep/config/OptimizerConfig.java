package dev.lockstep.config;

import dev.lockstep.optimizer.Optimizer;
import dev.lockstep.optimizer.OptimizerKind;
import dev.lockstep.optimizer.Optimizers;

/**
 * The update rule.
 *
 * @param rule one of {@link Optimizers#KINDS}
 * @param learningRate what the schedule starts from
 */
public record OptimizerConfig(Choice rule, double learningRate) {
  private static final String NAME = "optimizer.name";
  private static final String LEARNING_RATE = "learning-rate";
  private static final double MIN_RATE = 1e-30;
  private static final double MAX_RATE = 1e30;

  public OptimizerConfig {
    Checks checks = new Checks();
    checks.check(
        learningRate >= MIN_RATE && learningRate <= MAX_RATE,
        "optimizer.learning-rate",
        learningRate,
        "want a number above 0, from 1e-30 to 1e30");
    checks.done();
  }

  static OptimizerConfig read(Values values) {
    Choice rule =
        values.section(
            v -> Choice.read(v, NAME, Optimizers.KINDS, OptimizerKind::create, LEARNING_RATE));
    return new OptimizerConfig(rule, values.number("optimizer.learning-rate"));
  }

  void write(Entries entries) {
    rule.write(entries, NAME);
    entries.put("optimizer.learning-rate", learningRate);
  }

  Optimizer optimizer() {
    return rule.kind(Optimizers.KINDS).create(rule.settings());
  }

  /** The decoupled weight decay that goes with the rule unless the user says otherwise. */
  double weightDecay() {
    return rule.kind(Optimizers.KINDS).weightDecay();
  }
}
