package dev.lockstep.optimizer;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * Adam (Kingma and Ba 2015, algorithm 1):
 *
 * <pre>
 *   m = beta1 m + (1 - beta1) g        v = beta2 v + (1 - beta2) g^2
 *   p = p - rate / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
 * </pre>
 *
 * <p>Epsilon stands outside the root, as in the paper and in PyTorch.
 *
 * @param beta1 decay of the first moment, 0 or more, below 1
 * @param beta2 decay of the second moment, 0 or more, below 1
 * @param epsilon above 0, at most 1
 */
public record Adam(float beta1, float beta2, float epsilon) implements Optimizer {
  static final Setting<Double> BETA1 =
      Setting.number("beta1", 0.9, Range.BELOW_ONE, "what is left of the first moment");
  static final Setting<Double> BETA2 =
      Setting.number("beta2", 0.999, Range.BELOW_ONE, "what is left of the second moment");
  static final Setting<Double> EPSILON =
      Setting.number("epsilon", 1e-8, Range.FRACTION, "added to the root");

  public Adam {
    check(beta1, beta2, epsilon);
  }

  static void check(float beta1, float beta2, float epsilon) {
    Range.BELOW_ONE.check("beta1", beta1);
    Range.BELOW_ONE.check("beta2", beta2);
    Range.FRACTION.check("epsilon", epsilon);
  }

  /** What makes up for the second moment's beginning at 0, once the root is taken. */
  static float correction(float beta2, long t) {
    // StrictMath: the same bits on every JVM.
    return (float) (1.0 / Math.sqrt(1.0 - StrictMath.pow(beta2, (double) t)));
  }

  @Override
  public List<String> slots() {
    return List.of("first-moment", "second-moment");
  }

  @Override
  public void update(long t, float rate, float[] p, float[] g, float[][] slots, int from, int to) {
    float[] m = slots[0];
    float[] v = slots[1];
    float stepSize = (float) (rate / (1.0 - StrictMath.pow(beta1, (double) t)));
    float correction = correction(beta2, t);
    float keep1 = beta1;
    float keep2 = beta2;
    float take1 = 1f - beta1;
    float take2 = 1f - beta2;
    float epsilon = this.epsilon;
    for (int i = from; i < to; i++) {
      float first = Math.fma(keep1, m[i], take1 * g[i]);
      float second = Math.fma(keep2, v[i], take2 * g[i] * g[i]);
      m[i] = first;
      v[i] = second;
      float root = Math.fma((float) Math.sqrt(second), correction, epsilon);
      p[i] = Math.fma(-stepSize, first / root, p[i]);
    }
  }

  /** {@code adam}. */
  public record Kind() implements OptimizerKind {
    @Override
    public String name() {
      return "adam";
    }

    @Override
    public String meaning() {
      return "p -= rate m / (sqrt(v) + epsilon), with averages m of g and v of g^2 corrected for"
          + " their beginning at 0";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(BETA1, BETA2, EPSILON);
    }

    @Override
    public Adam create(Settings settings) {
      return new Adam(settings.toFloat(BETA1), settings.toFloat(BETA2), settings.toFloat(EPSILON));
    }
  }
}
