package dev.lockstep.optimizer;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * LAMB (You et al., "Large Batch Optimization for Deep Learning: Training BERT in 76 minutes", ICLR
 * 2020, algorithm 2). With the weights x and the mean gradient g of a layer:
 *
 * <pre>
 *   m = beta1 m + (1 - beta1) g        v = beta2 v + (1 - beta2) g^2
 *   r = m / (1 - beta1^t) / (sqrt(v / (1 - beta2^t)) + epsilon)
 *   x = x - rate phi(|x|) / |r + decay x| (r + decay x)
 * </pre>
 *
 * <p>phi(z) = min(max(z, lower), upper); it is the identity by default. A layer is its weights and
 * biases together. Where phi(|x|) or |r + decay x| is 0 the ratio is 1: a layer that begins at 0
 * would stay there.
 *
 * @param beta1 decay of the first moment, 0 or more, below 1
 * @param beta2 decay of the second moment, 0 or more, below 1
 * @param epsilon above 0, at most 1
 * @param weightDecay the paper's lambda, 0 or more
 * @param lower the least norm that phi gives, 0 or more
 * @param upper the largest one, at least {@code lower}; 0 for no bound
 */
public record Lamb(
    float beta1, float beta2, float epsilon, float weightDecay, float lower, float upper)
    implements LayerwiseOptimizer {
  private static final Setting<Double> EPSILON =
      Setting.number("epsilon", 1e-6, Range.FRACTION, "added to the root");
  private static final Setting<Double> WEIGHT_DECAY =
      Setting.number(
          "weight-decay", 0.01, Range.NOT_NEGATIVE, "adds so much of the parameters to r");
  private static final Setting<Double> LOWER =
      Setting.number("norm-min", 0, Range.NOT_NEGATIVE, "the least that |x| counts as");
  private static final Setting<Double> UPPER =
      Setting.number("norm-max", 0, Range.NOT_NEGATIVE, "the most that |x| counts as; 0: no bound");

  public Lamb {
    Adam.check(beta1, beta2, epsilon);
    Range.NOT_NEGATIVE.check("weight-decay", weightDecay);
    Range.NOT_NEGATIVE.check("norm-min", lower);
    Range.NOT_NEGATIVE.check("norm-max", upper);
    if (upper > 0 && upper < lower) {
      throw new IllegalArgumentException(
          "norm-max = %s: want 0, or at least norm-min = %s".formatted(upper, lower));
    }
  }

  @Override
  public List<String> slots() {
    return List.of("first-moment", "second-moment");
  }

  @Override
  public void direct(long t, float[] p, float[] g, float[][] slots, int from, int to) {
    float[] m = slots[0];
    float[] v = slots[1];
    float correction1 = (float) (1.0 / (1.0 - StrictMath.pow(beta1, (double) t)));
    float correction2 = Adam.correction(beta2, t);
    float keep1 = beta1;
    float keep2 = beta2;
    float take1 = 1f - beta1;
    float take2 = 1f - beta2;
    float epsilon = this.epsilon;
    float decay = this.weightDecay;
    for (int i = from; i < to; i++) {
      float first = Math.fma(keep1, m[i], take1 * g[i]);
      float second = Math.fma(keep2, v[i], take2 * g[i] * g[i]);
      m[i] = first;
      v[i] = second;
      float root = Math.fma((float) Math.sqrt(second), correction2, epsilon);
      g[i] = Math.fma(decay, p[i], first * correction1 / root);
    }
  }

  @Override
  public double trust(double parameters, double direction) {
    double phi = Math.max(parameters, lower);
    if (upper > 0) {
      phi = Math.min(phi, upper);
    }
    return phi > 0 && direction > 0 ? phi / direction : 1;
  }

  @Override
  public void update(long t, float rate, float[] p, float[] g, float[][] slots, int from, int to) {
    for (int i = from; i < to; i++) {
      p[i] = Math.fma(-rate, g[i], p[i]);
    }
  }

  /** {@code lamb}. */
  public record Kind() implements OptimizerKind {
    @Override
    public String name() {
      return "lamb";
    }

    @Override
    public String meaning() {
      return "p -= rate |p| / |u| u with u = adam's direction + decay p, and the norms of each"
          + " layer";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(Adam.BETA1, Adam.BETA2, EPSILON, WEIGHT_DECAY, LOWER, UPPER);
    }

    @Override
    public Lamb create(Settings settings) {
      return new Lamb(
          settings.toFloat(Adam.BETA1),
          settings.toFloat(Adam.BETA2),
          settings.toFloat(EPSILON),
          settings.toFloat(WEIGHT_DECAY),
          settings.toFloat(LOWER),
          settings.toFloat(UPPER));
    }
  }
}
