package dev.lockstep.optimizer;

import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * AMSGrad, Adam whose second moment never falls (Reddi, Kale and Kumar 2018, "On the convergence of
 * Adam and beyond", algorithm 2):
 *
 * <pre>
 *   m = beta1 m + (1 - beta1) g        v = beta2 v + (1 - beta2) g^2        w = max(w, v)
 *   p = p - rate / (1 - beta1^t) m / (sqrt(w) / sqrt(1 - beta2^t) + epsilon)
 * </pre>
 *
 * <p>The maximum is taken of the second moment as it is, before the correction for its beginning at
 * 0; it is the maximum that is corrected, as in PyTorch. The paper corrects nothing.
 *
 * @param beta1 decay of the first moment, 0 or more, below 1
 * @param beta2 decay of the second moment, 0 or more, below 1
 * @param epsilon above 0, at most 1
 */
public record AmsGrad(float beta1, float beta2, float epsilon) implements Optimizer {
  public AmsGrad {
    Adam.check(beta1, beta2, epsilon);
  }

  @Override
  public List<String> slots() {
    return List.of("first-moment", "second-moment", "largest-second-moment");
  }

  @Override
  public void update(long t, float rate, float[] p, float[] g, float[][] slots, int from, int to) {
    float[] m = slots[0];
    float[] v = slots[1];
    float[] w = slots[2];
    float stepSize = (float) (rate / (1.0 - StrictMath.pow(beta1, (double) t)));
    float correction = Adam.correction(beta2, t);
    float keep1 = beta1;
    float keep2 = beta2;
    float take1 = 1f - beta1;
    float take2 = 1f - beta2;
    float epsilon = this.epsilon;
    for (int i = from; i < to; i++) {
      float first = Math.fma(keep1, m[i], take1 * g[i]);
      float second = Math.fma(keep2, v[i], take2 * g[i] * g[i]);
      float largest = Math.max(w[i], second);
      m[i] = first;
      v[i] = second;
      w[i] = largest;
      float root = Math.fma((float) Math.sqrt(largest), correction, epsilon);
      p[i] = Math.fma(-stepSize, first / root, p[i]);
    }
  }

  /** {@code amsgrad}. */
  public record Kind() implements OptimizerKind {
    @Override
    public String name() {
      return "amsgrad";
    }

    @Override
    public String meaning() {
      return "adam, with the largest v so far in the place of v";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(Adam.BETA1, Adam.BETA2, Adam.EPSILON);
    }

    @Override
    public AmsGrad create(Settings settings) {
      return new AmsGrad(
          settings.toFloat(Adam.BETA1),
          settings.toFloat(Adam.BETA2),
          settings.toFloat(Adam.EPSILON));
    }
  }
}
