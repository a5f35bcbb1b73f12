package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** An element-wise function whose derivative follows from its output. NaN goes through. */
public enum Activation {
  /** {@code y = x}. */
  IDENTITY {
    @Override
    void forward(Kernels kernels, float[] y, int from, int to) {}

    @Override
    void backward(Kernels kernels, float[] y, int yo, float[] dy, int dyo, int count) {}
  },
  /** {@code y = max(x, 0)}; the derivative at 0 is 0. */
  RELU {
    @Override
    void forward(Kernels kernels, float[] y, int from, int to) {
      kernels.elements().relu(y, from, to);
    }

    @Override
    void backward(Kernels kernels, float[] y, int yo, float[] dy, int dyo, int count) {
      kernels.elements().reluGradient(y, yo, dy, dyo, count);
    }
  },
  /** {@code y = 1 / (1 + e^-x)}, {@code dx = dy y (1 - y)}. */
  SIGMOID {
    @Override
    void forward(Kernels kernels, float[] y, int from, int to) {
      kernels.elements().sigmoid(y, from, to);
    }

    @Override
    void backward(Kernels kernels, float[] y, int yo, float[] dy, int dyo, int count) {
      kernels.elements().sigmoidGradient(y, yo, dy, dyo, count);
    }
  },
  /** {@code y = tanh x}, {@code dx = dy (1 - y^2)}. */
  TANH {
    @Override
    void forward(Kernels kernels, float[] y, int from, int to) {
      kernels.elements().tanh(y, from, to);
    }

    @Override
    void backward(Kernels kernels, float[] y, int yo, float[] dy, int dyo, int count) {
      kernels.elements().tanhGradient(y, yo, dy, dyo, count);
    }
  };

  /** {@code y = f(y)} over [from, to). */
  abstract void forward(Kernels kernels, float[] y, int from, int to);

  /** {@code dy = dy f'} for {@code count} elements, y being f's outputs. */
  abstract void backward(Kernels kernels, float[] y, int yo, float[] dy, int dyo, int count);

  /** The name in configurations: {@code relu}. */
  public String configName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The activation of a name. */
  public static Optional<Activation> named(String name) {
    return Arrays.stream(values()).filter(a -> a.configName().equals(name)).findFirst();
  }

  /** The names in configurations. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Activation::configName).toList();
  }
}
