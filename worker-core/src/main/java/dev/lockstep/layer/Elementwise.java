package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;

/**
 * A function of every element, {@code y = f(x)}, that learns nothing. NaN goes through.
 *
 * <p>Padding is computed too, since panels are taken whole; it is never read.
 */
public interface Elementwise extends Layer {
  /** {@code y = f(y)} over [from, to). */
  void function(Kernels kernels, float[] y, int from, int to);

  /**
   * {@code dy = dy f'} for {@code count} elements.
   *
   * @param a inputs of f if the layer {@link #readsInput}, otherwise its outputs
   */
  void gradient(Kernels kernels, float[] a, int ao, float[] dy, int dyo, int count);

  /** f in double. */
  double exact(double x);

  /** The name with its settings: {@code leaky-relu 0.01}. */
  String label();

  @Override
  default String describe() {
    return "%s %d".formatted(label(), inputs());
  }

  @Override
  default int outputs() {
    return inputs();
  }

  @Override
  default boolean isElementwise() {
    return true;
  }

  @Override
  default boolean readsInput() {
    return false;
  }

  @Override
  default boolean readsOutput() {
    return !readsInput();
  }

  @Override
  default void forward(Kernels kernels, Rows rows, Operands operands) {
    Panels y = operands.y();
    int count = rows.count() * Panels.WIDTH;
    for (int p = 0; p < y.count(); p++) {
      operands.copyInput(rows, p);
      function(kernels, y.data(), y.panel(p), y.panel(p) + count);
    }
  }

  @Override
  default void backward(Kernels kernels, Rows rows, Operands operands) {
    if (operands.dx() == null) {
      return;
    }
    assert operands.dx().equals(operands.dy())
        : "the gradient of an element-wise layer is in place";
    Panels a = readsInput() ? operands.x() : operands.y();
    Panels dy = operands.dy();
    int count = rows.count() * Panels.WIDTH;
    for (int p = 0; p < dy.count(); p++) {
      gradient(kernels, a.data(), a.panel(p), dy.data(), dy.panel(p), count);
    }
  }

  @Override
  default double[] exact(double[] x, double[][] w, Rows rows, int row) {
    double[] y = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i] = exact(x[i]);
    }
    return y;
  }
}
