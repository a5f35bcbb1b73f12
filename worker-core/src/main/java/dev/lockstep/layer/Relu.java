package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * {@code y = max(x, 0)}; the derivative at 0 is 0. (Nair and Hinton, "Rectified Linear Units
 * Improve Restricted Boltzmann Machines", 2010.)
 *
 * @param inputs I, which is also O
 */
public record Relu(int inputs) implements Elementwise {
  private static final double MOST_DEAD = 0.5;

  @Override
  public String label() {
    return "relu";
  }

  @Override
  public void function(Kernels kernels, float[] y, int from, int to) {
    kernels.elements().relu(y, from, to);
  }

  @Override
  public void gradient(Kernels kernels, float[] y, int yo, float[] dy, int dyo, int count) {
    kernels.elements().reluGradient(y, yo, dy, dyo, count);
  }

  /** Of each unit, how often it fired. */
  @Override
  public int counts() {
    return inputs;
  }

  @Override
  public void count(Kernels kernels, int rows, Panels y, int[] counts, int from) {
    UnitCounts.between(kernels, rows, y, 0f, Float.POSITIVE_INFINITY, counts, from);
  }

  @Override
  public Health health(long[] counts, int from, long examples) {
    int dead = 0;
    for (int unit = 0; unit < inputs; unit++) {
      dead += counts[from + unit] == 0 ? 1 : 0;
    }
    return new Health(
        "dead",
        (double) dead / inputs,
        MOST_DEAD,
        "units that never fire learn nothing; a lower learning rate, he-normal weights or leaky-relu usually helps");
  }

  @Override
  public double exact(double x) {
    return Double.isNaN(x) ? x : Math.max(x, 0);
  }

  /** {@code relu}. */
  public static final class Kind implements LayerKind {
    @Override
    public String name() {
      return "relu";
    }

    @Override
    public String meaning() {
      return "y = max(x, 0)";
    }

    @Override
    public List<Layer> create(Place place, Settings settings) {
      return List.of(new Relu(place.inputs()));
    }
  }
}
