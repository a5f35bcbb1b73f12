package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * {@code y = x > 0 ? x : slope x}; the derivative at 0 is the slope. (Maas, Hannun and Ng,
 * "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013.)
 *
 * @param inputs I, which is also O
 * @param slope below 0; 0 or more
 */
public record LeakyRelu(int inputs, float slope) implements Elementwise {
  @Override
  public String label() {
    return "leaky-relu " + slope;
  }

  @Override
  public void function(Kernels kernels, float[] y, int from, int to) {
    kernels.elements().leakyRelu(y, from, to, slope);
  }

  @Override
  public void gradient(Kernels kernels, float[] y, int yo, float[] dy, int dyo, int count) {
    kernels.elements().leakyReluGradient(y, yo, dy, dyo, count, slope);
  }

  @Override
  public double exact(double x) {
    return x > 0 ? x : slope * x;
  }

  /** {@code leaky-relu [SLOPE]}. */
  public static final class Kind implements LayerKind {
    /** The slope below 0; 0.01 by default. */
    public static final Setting<Double> SLOPE =
        Setting.number("slope", 0.01, Range.UNIT, "dy/dx below 0");

    @Override
    public String name() {
      return "leaky-relu";
    }

    @Override
    public String meaning() {
      return "y = x > 0 ? x : slope x";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(SLOPE);
    }

    @Override
    public List<Layer> create(Place place, Settings settings) {
      return List.of(new LeakyRelu(place.inputs(), settings.toFloat(SLOPE)));
    }
  }
}
