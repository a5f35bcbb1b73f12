package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * {@code y = x s} with s = 1 / (1 + e^-x), {@code dx = dy s (1 + x (1 - s))}. (Hendrycks and
 * Gimpel, "Gaussian Error Linear Units (GELUs)", 2016; Elfwing, Uchibe and Doya, "Sigmoid-Weighted
 * Linear Units for Neural Network Function Approximation in Reinforcement Learning", 2018.)
 *
 * @param inputs I, which is also O
 */
public record Silu(int inputs) implements Elementwise {
  @Override
  public String label() {
    return "silu";
  }

  @Override
  public boolean readsInput() {
    return true;
  }

  @Override
  public void function(Kernels kernels, float[] y, int from, int to) {
    kernels.elements().silu(y, from, to);
  }

  @Override
  public void gradient(Kernels kernels, float[] x, int xo, float[] dy, int dyo, int count) {
    kernels.elements().siluGradient(x, xo, dy, dyo, count);
  }

  @Override
  public double exact(double x) {
    return x / (1 + StrictMath.exp(-x));
  }

  /** {@code silu}. */
  public static final class Kind implements LayerKind {
    @Override
    public String name() {
      return "silu";
    }

    @Override
    public String meaning() {
      return "y = x / (1 + e^-x)";
    }

    @Override
    public List<Layer> create(Place place, Settings settings) {
      return List.of(new Silu(place.inputs()));
    }
  }
}
