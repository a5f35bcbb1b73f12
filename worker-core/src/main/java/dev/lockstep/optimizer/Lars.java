package dev.lockstep.optimizer;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * LARS (You, Gitman and Ginsburg, "Large Batch Training of Convolutional Networks", 2017, algorithm
 * 1). With the weights w and the mean gradient g of a layer:
 *
 * <pre>
 *   trust = eta |w| / (|g| + decay |w|)
 *   v = momentum v + rate trust (g + decay w)
 *   w = w - v
 * </pre>
 *
 * <p>The rate is in the velocity, unlike in {@link Momentum}: a velocity keeps the rates and trusts
 * of the steps it comes from. A layer is its weights and biases together. Where |w| or the
 * denominator is 0 the trust is 1, of which the paper says nothing: a layer that begins at 0 would
 * stay there.
 *
 * @param momentum 0 or more, below 1
 * @param eta the trust coefficient, above 0
 * @param weightDecay the paper's beta, 0 or more
 */
public record Lars(float momentum, float eta, float weightDecay) implements LayerwiseOptimizer {
  private static final Setting<Double> MOMENTUM =
      Setting.number("momentum", 0.9, Range.BELOW_ONE, "what is left of the velocity");
  private static final Setting<Double> ETA =
      Setting.number("trust", 0.001, Range.POSITIVE, "the trust coefficient");
  static final Setting<Double> WEIGHT_DECAY =
      Setting.number(
          "weight-decay", 0.0005, Range.NOT_NEGATIVE, "adds so much of the parameters to g");

  public Lars {
    Range.BELOW_ONE.check("momentum", momentum);
    Range.POSITIVE.check("trust", eta);
    Range.NOT_NEGATIVE.check("weight-decay", weightDecay);
  }

  @Override
  public List<String> slots() {
    return List.of("velocity");
  }

  /** The direction is the gradient itself; the paper takes its norm before weights are added. */
  @Override
  public void direct(long t, float[] p, float[] g, float[][] slots, int from, int to) {}

  @Override
  public double trust(double parameters, double direction) {
    double below = direction + weightDecay * parameters;
    return parameters > 0 && below > 0 ? eta * parameters / below : 1;
  }

  @Override
  public void update(long t, float rate, float[] p, float[] g, float[][] slots, int from, int to) {
    float[] v = slots[0];
    float momentum = this.momentum;
    float decay = this.weightDecay;
    for (int i = from; i < to; i++) {
      float velocity = Math.fma(momentum, v[i], rate * Math.fma(decay, p[i], g[i]));
      v[i] = velocity;
      p[i] = p[i] - velocity;
    }
  }

  /** {@code lars}. */
  public record Kind() implements OptimizerKind {
    @Override
    public String name() {
      return "lars";
    }

    @Override
    public String meaning() {
      return "v = momentum v + rate trust |w| / (|g| + decay |w|) (g + decay w); w -= v, with the"
          + " norms of each layer";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(MOMENTUM, ETA, WEIGHT_DECAY);
    }

    @Override
    public Lars create(Settings settings) {
      return new Lars(
          settings.toFloat(MOMENTUM), settings.toFloat(ETA), settings.toFloat(WEIGHT_DECAY));
    }
  }
}
