package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * {@code y = x > 0 ? x : alpha (e^x - 1)}, {@code dx = dy (y > 0 ? 1 : y + alpha)}. (Clevert,
 * Unterthiner and Hochreiter, "Fast and Accurate Deep Network Learning by Exponential Linear Units
 * (ELUs)", 2016, equation 15.)
 *
 * @param inputs I, which is also O
 * @param alpha how far below 0 outputs go
 */
public record Elu(int inputs, float alpha) implements Elementwise {
  @Override
  public String label() {
    return "elu " + alpha;
  }

  @Override
  public void function(Kernels kernels, float[] y, int from, int to) {
    kernels.elements().elu(y, from, to, alpha, 1f);
  }

  @Override
  public void gradient(Kernels kernels, float[] y, int yo, float[] dy, int dyo, int count) {
    kernels.elements().eluGradient(y, yo, dy, dyo, count, alpha, 1f);
  }

  @Override
  public double exact(double x) {
    return x > 0 ? x : alpha * StrictMath.expm1(x);
  }

  /** {@code elu [ALPHA]}. */
  public static final class Kind implements LayerKind {
    /** How far below 0 outputs go; 1 by default. */
    public static final Setting<Double> ALPHA =
        Setting.number("alpha", 1, Range.NOT_NEGATIVE, "how far below 0 outputs go");

    @Override
    public String name() {
      return "elu";
    }

    @Override
    public String meaning() {
      return "y = x > 0 ? x : alpha (e^x - 1)";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(ALPHA);
    }

    @Override
    public List<Layer> create(Place place, Settings settings) {
      return List.of(new Elu(place.inputs(), settings.toFloat(ALPHA)));
    }
  }
}
