package dev.lockstep.optimizer;

import java.util.List;

/**
 * Adam (Kingma and Ba 2015, algorithm 1):
 *
 * <pre>
 *   m = beta1 m + (1 - beta1) g        v = beta2 v + (1 - beta2) g^2
 *   p = p - rate / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon)
 * </pre>
 *
 * <p>Epsilon stands outside the root, as in the paper.
 *
 * @param beta1 decay of the first moment, 0 or more, below 1
 * @param beta2 decay of the second moment, 0 or more, below 1
 * @param epsilon above 0
 */
public record Adam(float beta1, float beta2, float epsilon) implements Optimizer {
  public Adam {
    check("optimizer.beta1", beta1);
    check("optimizer.beta2", beta2);
    if (!(epsilon > 0 && epsilon <= 1)) {
      throw new IllegalArgumentException(
          "optimizer.epsilon = %s: want above 0, at most 1".formatted(epsilon));
    }
  }

  private static void check(String name, float beta) {
    if (!(beta >= 0 && beta < 1)) {
      throw new IllegalArgumentException("%s = %s: want 0 or more, below 1".formatted(name, beta));
    }
  }

  @Override
  public String name() {
    return "adam";
  }

  @Override
  public List<String> slots() {
    return List.of("first-moment", "second-moment");
  }

  @Override
  public void update(long t, float rate, float[] p, float[] g, float[][] slots, int from, int to) {
    float[] m = slots[0];
    float[] v = slots[1];
    // StrictMath: the same bits on every JVM.
    float stepSize = (float) (rate / (1.0 - StrictMath.pow(beta1, (double) t)));
    float correction = (float) (1.0 / Math.sqrt(1.0 - StrictMath.pow(beta2, (double) t)));
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
}
