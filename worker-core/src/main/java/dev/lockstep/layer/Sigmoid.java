package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * {@code y = 1 / (1 + e^-x)}, {@code dx = dy y (1 - y)}.
 *
 * @param inputs I, which is also O
 */
public record Sigmoid(int inputs) implements Elementwise {
  @Override
  public String label() {
    return "sigmoid";
  }

  @Override
  public void function(Kernels kernels, float[] y, int from, int to) {
    kernels.elements().sigmoid(y, from, to);
  }

  @Override
  public void gradient(Kernels kernels, float[] y, int yo, float[] dy, int dyo, int count) {
    kernels.elements().sigmoidGradient(y, yo, dy, dyo, count);
  }

  /** Of each unit, how often it was not within 1 % of either end of its range. */
  @Override
  public int counts() {
    return inputs;
  }

  @Override
  public void count(Kernels kernels, int rows, Panels y, int[] counts, int from) {
    UnitCounts.between(kernels, rows, y, 0.01f, 0.99f, counts, from);
  }

  @Override
  public Health health(long[] counts, int from, long examples) {
    return UnitCounts.saturation(counts, from, inputs, examples);
  }

  @Override
  public double exact(double x) {
    return 1 / (1 + StrictMath.exp(-x));
  }

  /** {@code sigmoid}. */
  public static final class Kind implements LayerKind {
    @Override
    public String name() {
      return "sigmoid";
    }

    @Override
    public String meaning() {
      return "y = 1 / (1 + e^-x)";
    }

    @Override
    public List<Layer> create(Place place, Settings settings) {
      return List.of(new Sigmoid(place.inputs()));
    }
  }
}
