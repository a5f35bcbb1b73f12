package dev.lockstep.optimizer;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * Heavy-ball momentum, {@code v = momentum v + g; p = p - rate v} (Polyak 1964), or Nesterov's
 * form, {@code p = p - rate (g + momentum v)} with the new v.
 *
 * <p>The velocity has the gradient's scale, as in PyTorch: the rate multiplies it when it is used.
 * Sutskever et al. 2013 ("On the importance of initialization and momentum in deep learning") put
 * the rate into the velocity; the two differ when the rate changes.
 *
 * @param momentum 0 or more, below 1
 * @param nesterov whether to use Nesterov's form
 */
public record Momentum(float momentum, boolean nesterov) implements Optimizer {
  private static final Setting<Double> MOMENTUM =
      Setting.number("momentum", 0.9, Range.BELOW_ONE, "what is left of the velocity");

  public Momentum {
    Range.BELOW_ONE.check("momentum", momentum);
  }

  @Override
  public List<String> slots() {
    return List.of("velocity");
  }

  @Override
  public void update(long t, float rate, float[] p, float[] g, float[][] slots, int from, int to) {
    float[] v = slots[0];
    if (nesterov) {
      for (int i = from; i < to; i++) {
        float velocity = Math.fma(momentum, v[i], g[i]);
        v[i] = velocity;
        p[i] = Math.fma(-rate, Math.fma(momentum, velocity, g[i]), p[i]);
      }
    } else {
      for (int i = from; i < to; i++) {
        float velocity = Math.fma(momentum, v[i], g[i]);
        v[i] = velocity;
        p[i] = Math.fma(-rate, velocity, p[i]);
      }
    }
  }

  /** {@code momentum}: the heavy ball. */
  public record Kind() implements OptimizerKind {
    @Override
    public String name() {
      return "momentum";
    }

    @Override
    public String meaning() {
      return "v = momentum v + g; p -= rate v";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(MOMENTUM);
    }

    @Override
    public Momentum create(Settings settings) {
      return new Momentum(settings.toFloat(MOMENTUM), false);
    }
  }

  /** {@code nesterov}. */
  public record NesterovKind() implements OptimizerKind {
    @Override
    public String name() {
      return "nesterov";
    }

    @Override
    public String meaning() {
      return "v = momentum v + g; p -= rate (g + momentum v)";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(MOMENTUM);
    }

    @Override
    public Momentum create(Settings settings) {
      return new Momentum(settings.toFloat(MOMENTUM), true);
    }
  }
}
