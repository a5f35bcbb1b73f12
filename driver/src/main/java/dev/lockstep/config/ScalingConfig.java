package dev.lockstep.config;

import java.util.List;

/**
 * What becomes of the learning rate where the batch is larger than the one that the rate was found
 * for.
 *
 * @param rule {@code none}; {@code linear}: times B / base (Krizhevsky 2014, "One weird trick for
 *     parallelizing convolutional neural networks", section 5; Goyal et al. 2017, section 2.1); or
 *     {@code sqrt}: times its root (Krizhevsky 2014; Hoffer, Hubara and Soudry 2017, section 4)
 * @param baseBatchSize the batch that the rate was found for
 */
public record ScalingConfig(String rule, int baseBatchSize) {
  private static final String RULE = "scaling.rule";
  private static final String BASE = "scaling.base-batch-size";
  private static final List<String> RULES = List.of("none", "linear", "sqrt");

  public ScalingConfig {
    Checks checks = new Checks();
    checks.oneOf(RULE, rule, RULES);
    checks.range(BASE, baseBatchSize, 1, 1 << 30);
    checks.done();
  }

  static ScalingConfig read(Values values) {
    return new ScalingConfig(values.text(RULE), values.wholeInt(BASE));
  }

  void write(Entries entries) {
    entries.put(RULE, rule);
    entries.put(BASE, baseBatchSize);
  }

  /** The rate for a batch. */
  double scale(double rate, int batchSize) {
    double times = (double) batchSize / baseBatchSize;
    return switch (rule) {
      case "linear" -> rate * times;
      case "sqrt" -> rate * Math.sqrt(times);
      default -> rate;
    };
  }
}
