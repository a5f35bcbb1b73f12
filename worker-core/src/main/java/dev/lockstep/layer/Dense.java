package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * A fully connected layer, {@code y = x W + b}, with W[I,O] and b[O].
 *
 * <p>Its parameters are one matrix [I+1, O] in panels: the rows of W, then b. Backward, {@code dx =
 * dy W^T}, {@code dW = x^T dy}, {@code db = sum over rows of dy}.
 *
 * @param inputs I
 * @param outputs O
 */
public record Dense(int inputs, int outputs) implements Layer {
  /** The most units of a layer. */
  public static final int MAX_UNITS = 1 << 20;

  public Dense {
    if (inputs < 1 || outputs < 1) {
      throw new IllegalArgumentException(
          "dense %dx%d: both sizes must be 1 or more".formatted(inputs, outputs));
    }
  }

  @Override
  public String describe() {
    return "dense %dx%d".formatted(inputs, outputs);
  }

  @Override
  public List<TensorShape> tensors() {
    return List.of(TensorShape.weights(inputs, outputs), TensorShape.biases(outputs));
  }

  @Override
  public boolean readsInput() {
    return true;
  }

  @Override
  public boolean readsOutput() {
    return false;
  }

  @Override
  public boolean readsTransposed() {
    return true;
  }

  @Override
  public void forward(Kernels kernels, Rows rows, Operands o) {
    kernels.matrix().affine(rows.count(), o.x(), o.w(), o.y());
  }

  @Override
  public void backward(Kernels kernels, Rows rows, Operands o) {
    kernels.matrix().weightGradient(rows.segments(), o.x(), o.dy(), o.dw(), o.stack());
    if (o.dx() != null) {
      kernels.matrix().product(rows.count(), o.dy(), o.transposed(), o.dx());
    }
  }

  @Override
  public double[] exact(double[] x, double[][] w, Rows rows, int row) {
    double[] y = w[inputs].clone();
    for (int i = 0; i < inputs; i++) {
      for (int o = 0; o < outputs; o++) {
        y[o] += x[i] * w[i][o];
      }
    }
    return y;
  }

  /** {@code dense UNITS}. */
  public static final class Kind implements LayerKind {
    /** O. */
    public static final Setting<Integer> UNITS =
        Setting.whole("units", 1, MAX_UNITS, "how many outputs");

    @Override
    public String name() {
      return "dense";
    }

    @Override
    public String meaning() {
      return "y = x W + b";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(UNITS);
    }

    @Override
    public List<Layer> create(Place place, Settings settings) {
      return List.of(new Dense(place.inputs(), settings.get(UNITS)));
    }
  }
}
