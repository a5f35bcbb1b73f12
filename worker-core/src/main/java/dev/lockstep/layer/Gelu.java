package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * {@code y = x F(x)}, {@code dx = dy (F(x) + x f(x))}, where F and f are distribution and density
 * of the standard normal distribution; F(x) = (1 + erf(x / sqrt 2)) / 2. (Hendrycks and Gimpel,
 * "Gaussian Error Linear Units (GELUs)", 2016, section 2.)
 *
 * @param inputs I, which is also O
 */
public record Gelu(int inputs) implements Elementwise {
  private static final double DENSITY = 0.3989422804014327;
  private static final double TAIL = 2;
  private static final int FRACTIONS = 60;

  @Override
  public String label() {
    return "gelu";
  }

  @Override
  public boolean readsInput() {
    return true;
  }

  @Override
  public void function(Kernels kernels, float[] y, int from, int to) {
    kernels.elements().gelu(y, from, to);
  }

  @Override
  public void gradient(Kernels kernels, float[] x, int xo, float[] dy, int dyo, int count) {
    kernels.elements().geluGradient(x, xo, dy, dyo, count);
  }

  @Override
  public double exact(double x) {
    return x * normalCdf(x);
  }

  /**
   * F(x): near 0 by its series, further out by its continued fraction. (Abramowitz and Stegun,
   * "Handbook of Mathematical Functions", 1964, 26.2.11 and 26.2.14.)
   */
  static double normalCdf(double x) {
    double density = DENSITY * StrictMath.exp(-x * x / 2);
    double a = Math.abs(x);
    if (Double.isNaN(x)) {
      return x;
    }
    if (density == 0) {
      return x < 0 ? 0 : 1;
    }
    if (a > TAIL) {
      double fraction = a;
      for (int k = FRACTIONS; k > 0; k--) {
        fraction = a + k / fraction;
      }
      return x < 0 ? density / fraction : 1 - density / fraction;
    }
    double sum = 0;
    double term = x;
    for (int k = 3; sum + term != sum; k += 2) {
      sum += term;
      term *= x * x / k;
    }
    return 0.5 + density * sum;
  }

  /** {@code gelu}. */
  public static final class Kind implements LayerKind {
    @Override
    public String name() {
      return "gelu";
    }

    @Override
    public String meaning() {
      return "y = x F(x), F the normal distribution";
    }

    @Override
    public List<Layer> create(Place place, Settings settings) {
      return List.of(new Gelu(place.inputs()));
    }
  }
}
