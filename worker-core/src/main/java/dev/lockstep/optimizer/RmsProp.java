package dev.lockstep.optimizer;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.ArrayList;
import java.util.List;

/**
 * RMSProp (Tieleman and Hinton 2012, lecture 6.5), plain or centred (Graves 2013, "Generating
 * sequences with recurrent neural networks", equations 38 to 41), with or without momentum:
 *
 * <pre>
 *   s = decay s + (1 - decay) g^2
 *   m = decay m + (1 - decay) g                    centred only; 0 otherwise
 *   d = g / (sqrt(max(s - m^2, 0)) + epsilon)
 *   v = momentum v + d        p = p - rate v
 * </pre>
 *
 * <p>Epsilon stands outside the root, as in PyTorch; Graves adds 0.0001 inside it. Rounding can
 * bring {@code s - m^2} below 0 where a gradient hardly changes: it counts as 0 then, where PyTorch
 * gives NaN. The rate multiplies the velocity when it is used, as in PyTorch.
 *
 * @param decay of both averages, 0 or more, below 1
 * @param epsilon above 0, at most 1
 * @param momentum 0 or more, below 1; without it there is no velocity
 * @param centered whether the variance takes the place of the mean square
 */
public record RmsProp(float decay, float epsilon, float momentum, boolean centered)
    implements Optimizer {
  private static final Setting<Double> DECAY =
      Setting.number("decay", 0.99, Range.BELOW_ONE, "what is left of the averages");
  private static final Setting<Double> EPSILON =
      Setting.number("epsilon", 1e-8, Range.FRACTION, "added to the root");
  private static final Setting<Double> MOMENTUM =
      Setting.number("momentum", 0, Range.BELOW_ONE, "what is left of the velocity");
  private static final Setting<Boolean> CENTERED =
      Setting.flag("centered", "whether the variance takes the place of the mean square");

  public RmsProp {
    Range.BELOW_ONE.check("decay", decay);
    Range.FRACTION.check("epsilon", epsilon);
    Range.BELOW_ONE.check("momentum", momentum);
  }

  @Override
  public List<String> slots() {
    List<String> slots = new ArrayList<>(List.of("mean-square"));
    if (centered) {
      slots.add("mean");
    }
    if (momentum > 0) {
      slots.add("velocity");
    }
    return List.copyOf(slots);
  }

  // Four loops, each without a branch: the compiler then makes vectors of all of them.
  @Override
  public void update(long t, float rate, float[] p, float[] g, float[][] slots, int from, int to) {
    if (centered && momentum > 0) {
      updateCentered(rate, p, g, slots[0], slots[1], slots[2], from, to);
    } else if (centered) {
      updateCentered(rate, p, g, slots[0], slots[1], from, to);
    } else if (momentum > 0) {
      update(rate, p, g, slots[0], slots[1], from, to);
    } else {
      update(rate, p, g, slots[0], from, to);
    }
  }

  private void update(float rate, float[] p, float[] g, float[] s, int from, int to) {
    float keep = decay;
    float take = 1f - decay;
    float epsilon = this.epsilon;
    for (int i = from; i < to; i++) {
      float square = Math.fma(keep, s[i], take * g[i] * g[i]);
      s[i] = square;
      p[i] = Math.fma(-rate, g[i] / ((float) Math.sqrt(square) + epsilon), p[i]);
    }
  }

  private void update(float rate, float[] p, float[] g, float[] s, float[] v, int from, int to) {
    float keep = decay;
    float take = 1f - decay;
    float epsilon = this.epsilon;
    float momentum = this.momentum;
    for (int i = from; i < to; i++) {
      float square = Math.fma(keep, s[i], take * g[i] * g[i]);
      float direction = g[i] / ((float) Math.sqrt(square) + epsilon);
      float velocity = Math.fma(momentum, v[i], direction);
      s[i] = square;
      v[i] = velocity;
      p[i] = Math.fma(-rate, velocity, p[i]);
    }
  }

  private void updateCentered(
      float rate, float[] p, float[] g, float[] s, float[] m, int from, int to) {
    float keep = decay;
    float take = 1f - decay;
    float epsilon = this.epsilon;
    for (int i = from; i < to; i++) {
      float square = Math.fma(keep, s[i], take * g[i] * g[i]);
      float mean = Math.fma(keep, m[i], take * g[i]);
      float variance = Math.max(Math.fma(-mean, mean, square), 0f);
      s[i] = square;
      m[i] = mean;
      p[i] = Math.fma(-rate, g[i] / ((float) Math.sqrt(variance) + epsilon), p[i]);
    }
  }

  private void updateCentered(
      float rate, float[] p, float[] g, float[] s, float[] m, float[] v, int from, int to) {
    float keep = decay;
    float take = 1f - decay;
    float epsilon = this.epsilon;
    float momentum = this.momentum;
    for (int i = from; i < to; i++) {
      float square = Math.fma(keep, s[i], take * g[i] * g[i]);
      float mean = Math.fma(keep, m[i], take * g[i]);
      float variance = Math.max(Math.fma(-mean, mean, square), 0f);
      float direction = g[i] / ((float) Math.sqrt(variance) + epsilon);
      float velocity = Math.fma(momentum, v[i], direction);
      s[i] = square;
      m[i] = mean;
      v[i] = velocity;
      p[i] = Math.fma(-rate, velocity, p[i]);
    }
  }

  /** {@code rmsprop}. */
  public record Kind() implements OptimizerKind {
    @Override
    public String name() {
      return "rmsprop";
    }

    @Override
    public String meaning() {
      return "s = decay s + (1 - decay) g^2; v = momentum v + g / (sqrt(s) + epsilon);"
          + " p -= rate v";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(DECAY, EPSILON, MOMENTUM, CENTERED);
    }

    @Override
    public RmsProp create(Settings settings) {
      return new RmsProp(
          settings.toFloat(DECAY),
          settings.toFloat(EPSILON),
          settings.toFloat(MOMENTUM),
          settings.get(CENTERED));
    }
  }
}
