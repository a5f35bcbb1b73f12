package dev.lockstep.loss;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;
import java.util.Map;

/**
 * Squared errors that become absolute ones beyond delta, so that outliers pull with bounded force;
 * the mean over outputs. With d = y - t:
 *
 * <pre>  loss = d^2 / 2                      where |d| &lt;= delta
 *         delta (|d| - delta / 2)      elsewhere
 *  dy   = max(-delta, min(d, delta))</pre>
 *
 * <p>That is PyTorch's {@code HuberLoss}. (Huber, "Robust Estimation of a Location Parameter",
 * Annals of Mathematical Statistics 35, 1964.)
 *
 * @param delta where the parabola ends, above 0
 */
public record Huber(double delta) implements ElementwiseLoss {
  @Override
  public String name() {
    return "huber";
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of(Kind.DELTA.name(), delta);
  }

  /** Halfway between 0 and 1. */
  @Override
  public float threshold() {
    return 0.5f;
  }

  @Override
  public boolean estimatesVectors(int outputs) {
    return true;
  }

  @Override
  public float loss(float y, float t) {
    float bound = (float) delta;
    float d = Math.abs(y - t);
    return d <= bound ? 0.5f * d * d : bound * (d - 0.5f * bound);
  }

  @Override
  public float derivative(float y, float t) {
    float bound = (float) delta;
    return Math.max(-bound, Math.min(y - t, bound));
  }

  @Override
  public double exact(double y, double t) {
    double d = Math.abs(y - t);
    return d <= delta ? d * d / 2 : delta * (d - delta / 2);
  }

  /** {@code huber}. */
  public static final class Kind implements LossKind {
    private static final Setting<Double> DELTA =
        Setting.number("delta", 1, Range.POSITIVE, "where the parabola ends");

    @Override
    public String name() {
      return "huber";
    }

    @Override
    public String meaning() {
      return "the mean over outputs of (y - t)^2 / 2, beyond delta of delta (|y - t| - delta / 2)";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(DELTA);
    }

    @Override
    public Loss create(Settings settings) {
      return new Huber(settings.get(DELTA));
    }
  }
}
