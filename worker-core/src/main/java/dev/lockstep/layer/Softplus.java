package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * {@code y = log(1 + e^x)}, {@code dx = dy (1 - e^-y)}, which is dy times the sigmoid of x. (Dugas
 * et al., "Incorporating Second-Order Functional Knowledge for Better Option Pricing", 2001.)
 *
 * @param inputs I, which is also O
 */
public record Softplus(int inputs) implements Elementwise {
  @Override
  public String label() {
    return "softplus";
  }

  @Override
  public void function(Kernels kernels, float[] y, int from, int to) {
    kernels.elements().softplus(y, from, to);
  }

  @Override
  public void gradient(Kernels kernels, float[] y, int yo, float[] dy, int dyo, int count) {
    kernels.elements().softplusGradient(y, yo, dy, dyo, count);
  }

  @Override
  public double exact(double x) {
    return Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
  }

  /** {@code softplus}. */
  public static final class Kind implements LayerKind {
    @Override
    public String name() {
      return "softplus";
    }

    @Override
    public String meaning() {
      return "y = log(1 + e^x)";
    }

    @Override
    public List<Layer> create(Place place, Settings settings) {
      return List.of(new Softplus(place.inputs()));
    }
  }
}
