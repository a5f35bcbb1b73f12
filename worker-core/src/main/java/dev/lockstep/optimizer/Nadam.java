package dev.lockstep.optimizer;

import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * Nadam, Adam with Nesterov's look ahead (Dozat 2016, "Incorporating Nesterov momentum into Adam",
 * algorithm 2, with the same mu = beta1 at every step):
 *
 * <pre>
 *   m = beta1 m + (1 - beta1) g        v = beta2 v + (1 - beta2) g^2
 *   d = beta1 / (1 - beta1^(t+1)) m + (1 - beta1) / (1 - beta1^t) g
 *   p = p - rate d / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
 * </pre>
 *
 * <p>PyTorch lets mu climb from beta1 / 2 to beta1, {@code mu_t = beta1 (1 - 0.96^(t psi) / 2)};
 * this is its limit for a large {@code momentum_decay} psi. The second moment is corrected as in
 * Adam and in PyTorch.
 *
 * @param beta1 decay of the first moment, 0 or more, below 1
 * @param beta2 decay of the second moment, 0 or more, below 1
 * @param epsilon above 0, at most 1
 */
public record Nadam(float beta1, float beta2, float epsilon) implements Optimizer {
  public Nadam {
    Adam.check(beta1, beta2, epsilon);
  }

  @Override
  public List<String> slots() {
    return List.of("first-moment", "second-moment");
  }

  @Override
  public void update(long t, float rate, float[] p, float[] g, float[][] slots, int from, int to) {
    float[] m = slots[0];
    float[] v = slots[1];
    double left = StrictMath.pow(beta1, (double) t);
    float ahead = (float) (rate * (double) beta1 / (1.0 - left * beta1));
    float now = (float) (rate * (1.0 - beta1) / (1.0 - left));
    float correction = Adam.correction(beta2, t);
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
      p[i] -= Math.fma(ahead, first, now * g[i]) / root;
    }
  }

  /** {@code nadam}. */
  public record Kind() implements OptimizerKind {
    @Override
    public String name() {
      return "nadam";
    }

    @Override
    public String meaning() {
      return "adam, with the first moment as it will be after the next step";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(Adam.BETA1, Adam.BETA2, Adam.EPSILON);
    }

    @Override
    public Nadam create(Settings settings) {
      return new Nadam(
          settings.toFloat(Adam.BETA1),
          settings.toFloat(Adam.BETA2),
          settings.toFloat(Adam.EPSILON));
    }
  }
}
