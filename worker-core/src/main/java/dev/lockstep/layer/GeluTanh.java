package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * An approximation of {@link Gelu}, {@code y = x / 2 (1 + tanh u)} with u = sqrt(2 / pi) (x +
 * 0.044715 x^3), computed as {@code x / (1 + e^-2u)}. (Hendrycks and Gimpel, "Gaussian Error Linear
 * Units (GELUs)", 2016, section 2.)
 *
 * @param inputs I, which is also O
 */
public record GeluTanh(int inputs) implements Elementwise {
  private static final double SQRT_2_OVER_PI = 0.7978845608028654;

  @Override
  public String label() {
    return "gelu-tanh";
  }

  @Override
  public boolean readsInput() {
    return true;
  }

  @Override
  public void function(Kernels kernels, float[] y, int from, int to) {
    kernels.elements().geluTanh(y, from, to);
  }

  @Override
  public void gradient(Kernels kernels, float[] x, int xo, float[] dy, int dyo, int count) {
    kernels.elements().geluTanhGradient(x, xo, dy, dyo, count);
  }

  @Override
  public double exact(double x) {
    return x / (1 + StrictMath.exp(-2 * SQRT_2_OVER_PI * (x + 0.044715 * x * x * x)));
  }

  /** {@code gelu-tanh}. */
  public static final class Kind implements LayerKind {
    @Override
    public String name() {
      return "gelu-tanh";
    }

    @Override
    public String meaning() {
      return "y = x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))";
    }

    @Override
    public List<Layer> create(Place place, Settings settings) {
      return List.of(new GeluTanh(place.inputs()));
    }
  }
}
