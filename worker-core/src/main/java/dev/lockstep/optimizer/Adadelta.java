package dev.lockstep.optimizer;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * Adadelta (Zeiler 2012, algorithm 1):
 *
 * <pre>
 *   s = rho s + (1 - rho) g^2        d = sqrt(u + epsilon) / sqrt(s + epsilon) g
 *   u = rho u + (1 - rho) d^2        p = p - rate d
 * </pre>
 *
 * <p>The paper has no rate: 1 is its rule. Epsilon stands inside both roots, as there and in
 * PyTorch.
 *
 * @param rho decay of both averages, 0 or more, below 1
 * @param epsilon above 0, at most 1
 */
public record Adadelta(float rho, float epsilon) implements Optimizer {
  private static final Setting<Double> RHO =
      Setting.number("rho", 0.9, Range.BELOW_ONE, "what is left of the averages");
  private static final Setting<Double> EPSILON =
      Setting.number("epsilon", 1e-6, Range.FRACTION, "added inside the roots");

  public Adadelta {
    Range.BELOW_ONE.check("rho", rho);
    Range.FRACTION.check("epsilon", epsilon);
  }

  @Override
  public List<String> slots() {
    return List.of("mean-square", "mean-square-move");
  }

  @Override
  public void update(long t, float rate, float[] p, float[] g, float[][] slots, int from, int to) {
    float[] s = slots[0];
    float[] u = slots[1];
    float keep = rho;
    float take = 1f - rho;
    float epsilon = this.epsilon;
    for (int i = from; i < to; i++) {
      float square = Math.fma(keep, s[i], take * g[i] * g[i]);
      // Read once: were it read again after a store, the compiler would make no vectors.
      float moves = u[i];
      float move = (float) Math.sqrt(moves + epsilon) / (float) Math.sqrt(square + epsilon) * g[i];
      s[i] = square;
      u[i] = Math.fma(keep, moves, take * move * move);
      p[i] = Math.fma(-rate, move, p[i]);
    }
  }

  /** {@code adadelta}. */
  public record Kind() implements OptimizerKind {
    @Override
    public String name() {
      return "adadelta";
    }

    @Override
    public String meaning() {
      return "d = sqrt(u + epsilon) / sqrt(s + epsilon) g, with averages s of g^2 and u of d^2;"
          + " p -= rate d";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(RHO, EPSILON);
    }

    @Override
    public Adadelta create(Settings settings) {
      return new Adadelta(settings.toFloat(RHO), settings.toFloat(EPSILON));
    }
  }
}
