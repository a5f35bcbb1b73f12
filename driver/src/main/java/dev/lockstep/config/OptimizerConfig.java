package dev.lockstep.config;

import dev.lockstep.optimizer.Adam;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.optimizer.Optimizer;
import dev.lockstep.optimizer.Sgd;
import java.util.List;

/**
 * The update rule.
 *
 * @param name one of {@link #NAMES}
 * @param learningRate what the schedule starts from
 * @param momentum of momentum and nesterov
 * @param beta1 decay of adam's first moment
 * @param beta2 decay of adam's second moment
 * @param epsilon of adam, outside the root
 */
public record OptimizerConfig(
    String name, double learningRate, double momentum, double beta1, double beta2, double epsilon) {
  /** The known rules. */
  public static final List<String> NAMES = List.of("sgd", "momentum", "nesterov", "adam");

  private static final double MIN_RATE = 1e-30;
  private static final double MAX_RATE = 1e30;

  public OptimizerConfig {
    Checks checks = new Checks();
    checks.oneOf("optimizer.name", name, NAMES);
    checks.check(
        learningRate >= MIN_RATE && learningRate <= MAX_RATE,
        "optimizer.learning-rate",
        learningRate,
        "want a number above 0, from 1e-30 to 1e30");
    decay(checks, "optimizer.momentum", momentum);
    decay(checks, "optimizer.beta1", beta1);
    decay(checks, "optimizer.beta2", beta2);
    checks.check(
        (float) epsilon > 0 && epsilon <= 1,
        "optimizer.epsilon",
        epsilon,
        "want a number above 0, at most 1");
    checks.done();
  }

  /** Decays are used as floats: one that rounds to 1 would never forget. */
  private static void decay(Checks checks, String key, double value) {
    checks.check(value >= 0 && (float) value < 1, key, value, "want a number from 0 to 0.9999999");
  }

  static OptimizerConfig read(Values values) {
    return new OptimizerConfig(
        values.text("optimizer.name"),
        values.number("optimizer.learning-rate"),
        values.number("optimizer.momentum"),
        values.number("optimizer.beta1"),
        values.number("optimizer.beta2"),
        values.number("optimizer.epsilon"));
  }

  void write(Entries entries) {
    entries.put("optimizer.name", name);
    entries.put("optimizer.learning-rate", learningRate);
    entries.put("optimizer.momentum", momentum);
    entries.put("optimizer.beta1", beta1);
    entries.put("optimizer.beta2", beta2);
    entries.put("optimizer.epsilon", epsilon);
  }

  Optimizer optimizer() {
    return switch (name) {
      case "sgd" -> new Sgd();
      case "momentum" -> new Momentum((float) momentum, false);
      case "nesterov" -> new Momentum((float) momentum, true);
      case "adam" -> new Adam((float) beta1, (float) beta2, (float) epsilon);
      default -> throw new AssertionError(name);
    };
  }
}
