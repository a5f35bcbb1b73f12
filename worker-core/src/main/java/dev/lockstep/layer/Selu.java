package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * {@code y = lambda (x > 0 ? x : alpha (e^x - 1))}, {@code dx = dy (x > 0 ? lambda : y + lambda
 * alpha)}: outputs keep mean 0 and variance 1 from layer to layer under {@code lecun-normal}
 * weights. (Klambauer et al., "Self-Normalizing Neural Networks", 2017, equation 2; constants of
 * section "Derivation of the parameters alpha and lambda".)
 *
 * @param inputs I, which is also O
 */
public record Selu(int inputs) implements Elementwise {
  private static final double LAMBDA = 1.0507009873554805;
  private static final double ALPHA = 1.6732632423543772;

  @Override
  public String label() {
    return "selu";
  }

  @Override
  public void function(Kernels kernels, float[] y, int from, int to) {
    kernels.elements().elu(y, from, to, (float) (LAMBDA * ALPHA), (float) LAMBDA);
  }

  @Override
  public void gradient(Kernels kernels, float[] y, int yo, float[] dy, int dyo, int count) {
    kernels.elements().eluGradient(y, yo, dy, dyo, count, (float) (LAMBDA * ALPHA), (float) LAMBDA);
  }

  @Override
  public double exact(double x) {
    return LAMBDA * (x > 0 ? x : ALPHA * StrictMath.expm1(x));
  }

  /** {@code selu}. */
  public static final class Kind implements LayerKind {
    @Override
    public String name() {
      return "selu";
    }

    @Override
    public String meaning() {
      return "y = 1.0507 (x > 0 ? x : 1.6733 (e^x - 1))";
    }

    @Override
    public List<Layer> create(Place place, Settings settings) {
      return List.of(new Selu(place.inputs()));
    }
  }
}
