package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * {@code y = x > threshold ? 1 : 0}, the unit of the perceptron. Its derivative is 0 wherever there
 * is one, so nothing learns through it. (Rosenblatt, "The Perceptron", 1958.)
 *
 * @param inputs I, which is also O
 * @param threshold above it a unit fires
 */
public record Threshold(int inputs, float threshold) implements Elementwise {
  @Override
  public String label() {
    return "threshold " + threshold;
  }

  @Override
  public boolean isDifferentiable() {
    return false;
  }

  @Override
  public boolean readsOutput() {
    return false;
  }

  @Override
  public void function(Kernels kernels, float[] y, int from, int to) {
    kernels.elements().threshold(y, from, to, threshold);
  }

  @Override
  public void gradient(Kernels kernels, float[] y, int yo, float[] dy, int dyo, int count) {
    throw new UnsupportedOperationException(describe() + " has no derivative");
  }

  @Override
  public double exact(double x) {
    return Double.isNaN(x) ? x : x > threshold ? 1 : 0;
  }

  /** {@code threshold [THRESHOLD]}. */
  public static final class Kind implements LayerKind {
    /** The threshold; 0 by default. */
    public static final Setting<Double> THRESHOLD =
        Setting.number("threshold", 0, Range.ANY, "above it a unit fires");

    @Override
    public String name() {
      return "threshold";
    }

    @Override
    public String meaning() {
      return "y = x > threshold ? 1 : 0; predicts, does not learn";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(THRESHOLD);
    }

    @Override
    public List<Layer> create(Place place, Settings settings) {
      return List.of(new Threshold(place.inputs(), settings.toFloat(THRESHOLD)));
    }
  }
}
