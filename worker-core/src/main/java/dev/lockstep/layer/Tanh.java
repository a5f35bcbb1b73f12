package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * {@code y = tanh x}, {@code dx = dy (1 - y^2)}.
 *
 * @param inputs I, which is also O
 */
public record Tanh(int inputs) implements Elementwise {
  @Override
  public String label() {
    return "tanh";
  }

  @Override
  public void function(Kernels kernels, float[] y, int from, int to) {
    kernels.elements().tanh(y, from, to);
  }

  @Override
  public void gradient(Kernels kernels, float[] y, int yo, float[] dy, int dyo, int count) {
    kernels.elements().tanhGradient(y, yo, dy, dyo, count);
  }

  /** Of each unit, how often it was not within 1 % of either end of its range. */
  @Override
  public int counts() {
    return inputs;
  }

  @Override
  public void count(Kernels kernels, int rows, Panels y, int[] counts, int from) {
    UnitCounts.between(kernels, rows, y, -0.98f, 0.98f, counts, from);
  }

  @Override
  public Health health(long[] counts, int from, long examples) {
    return UnitCounts.saturation(counts, from, inputs, examples);
  }

  @Override
  public double exact(double x) {
    return StrictMath.tanh(x);
  }

  /** {@code tanh}. */
  public static final class Kind implements LayerKind {
    @Override
    public String name() {
      return "tanh";
    }

    @Override
    public String meaning() {
      return "y = tanh x";
    }

    @Override
    public List<Layer> create(Place place, Settings settings) {
      return List.of(new Tanh(place.inputs()));
    }
  }
}
