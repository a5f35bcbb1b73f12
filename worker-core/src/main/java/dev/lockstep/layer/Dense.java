package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.kernel.RowSegments;
import java.util.List;

/**
 * A fully connected layer, {@code y = x W + b}, with W[I,O] and b[O].
 *
 * <p>Its parameters are one matrix [I+1, O] in panels: the rows of W, then b. It overwrites y;
 * backward, {@code dx = dy W^T}, {@code dW = x^T dy}, {@code db = sum over rows of dy}.
 *
 * @param inputs I
 * @param outputs O
 */
public record Dense(int inputs, int outputs) implements Layer {
  public Dense {
    if (inputs < 1 || outputs < 1) {
      throw new IllegalArgumentException(
          "Dense %dx%d: both sizes must be 1 or more".formatted(inputs, outputs));
    }
  }

  @Override
  public String describe() {
    return "Dense %dx%d".formatted(inputs, outputs);
  }

  @Override
  public List<TensorShape> tensors() {
    return List.of(
        new TensorShape("weight", inputs, outputs, false),
        new TensorShape("bias", 1, outputs, true));
  }

  @Override
  public boolean isInPlace() {
    return false;
  }

  @Override
  public void forward(Kernels kernels, int rows, Panels x, Panels w, Panels y) {
    kernels.matrix().affine(rows, x, w, y);
  }

  @Override
  public void inputGradient(
      Kernels kernels, int rows, Panels y, Panels dy, Panels transposed, Panels dx) {
    kernels.matrix().product(rows, dy, transposed, dx);
  }

  @Override
  public void parameterGradient(
      Kernels kernels, RowSegments rows, Panels x, Panels dy, Panels dw, Panels stack) {
    kernels.matrix().weightGradient(rows, x, dy, dw, stack);
  }
}
