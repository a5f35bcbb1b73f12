package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.kernel.RowSegments;
import java.io.Serializable;
import java.util.List;

/** One layer, {@code y[B,O] = f(x[B,I])}. */
public interface Layer extends Serializable {
  /** As a user would name it, with its shape: {@code Dense 784x256}. */
  String describe();

  /** I. */
  int inputs();

  /** O. */
  int outputs();

  /** The tensors that it learns, as they stand one below the other in its matrix; may be none. */
  List<TensorShape> tensors();

  /** Whether y takes the place of x, and dx of dy. */
  boolean isInPlace();

  /**
   * Computes y.
   *
   * @param rows B
   * @param x x[B,I]
   * @param w the layer's parameters; null if it has none
   * @param y overwritten; the same as x if in place
   */
  void forward(Kernels kernels, int rows, Panels x, Panels w, Panels y);

  /**
   * Computes dx from dy.
   *
   * @param y y[B,O], as forward left it
   * @param dy dy[B,O]
   * @param transposed the layer's parameters without bias, transposed; null if it has none
   * @param dx overwritten; the same as dy if in place
   */
  void inputGradient(Kernels kernels, int rows, Panels y, Panels dy, Panels transposed, Panels dx);

  /**
   * Sums the gradient of the parameters over rows.
   *
   * @param dw overwritten, or gone on with, as the segments say
   * @param stack see {@link dev.lockstep.kernel.MatrixKernels#weightGradient}
   */
  void parameterGradient(
      Kernels kernels, RowSegments rows, Panels x, Panels dy, Panels dw, Panels stack);
}
