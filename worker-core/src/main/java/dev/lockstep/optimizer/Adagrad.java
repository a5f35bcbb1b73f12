package dev.lockstep.optimizer;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * Adagrad with a diagonal matrix (Duchi, Hazan and Singer 2011, section 1.1, equation 1):
 *
 * <pre>  s = s + g^2        p = p - rate g / (sqrt(s) + epsilon)</pre>
 *
 * <p>Epsilon is the paper's delta and stands outside the root, as in PyTorch, whose {@code
 * initial_accumulator_value} and {@code lr_decay} are 0 here; a schedule can do the latter.
 *
 * @param epsilon above 0, at most 1
 */
public record Adagrad(float epsilon) implements Optimizer {
  private static final Setting<Double> EPSILON =
      Setting.number("epsilon", 1e-10, Range.FRACTION, "added to the root");

  public Adagrad {
    Range.FRACTION.check("epsilon", epsilon);
  }

  @Override
  public List<String> slots() {
    return List.of("squares");
  }

  @Override
  public void update(long t, float rate, float[] p, float[] g, float[][] slots, int from, int to) {
    float[] s = slots[0];
    float epsilon = this.epsilon;
    for (int i = from; i < to; i++) {
      float squares = Math.fma(g[i], g[i], s[i]);
      s[i] = squares;
      p[i] = Math.fma(-rate, g[i] / ((float) Math.sqrt(squares) + epsilon), p[i]);
    }
  }

  /** {@code adagrad}. */
  public record Kind() implements OptimizerKind {
    @Override
    public String name() {
      return "adagrad";
    }

    @Override
    public String meaning() {
      return "s += g^2; p -= rate g / (sqrt(s) + epsilon)";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(EPSILON);
    }

    @Override
    public Adagrad create(Settings settings) {
      return new Adagrad(settings.toFloat(EPSILON));
    }
  }
}
