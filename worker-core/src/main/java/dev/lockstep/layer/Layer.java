package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import java.io.Serializable;
import java.util.List;

/**
 * One layer, {@code y[B,O] = f(x[B,I])}: an immutable description. Its parameters, what it works on
 * and its scratch are arguments.
 *
 * <p>Rows are independent of each other, and nothing may depend on how many there are: a row gives
 * the same bits in any block. Sums over rows follow the segments of {@link Rows}.
 */
public interface Layer extends Serializable {
  /** As a user would name it, with its shape: {@code dense 784x256}. */
  String describe();

  /** I. */
  int inputs();

  /** O. */
  int outputs();

  /** The tensors that it learns, as they stand one below the other in its matrix; may be none. */
  default List<TensorShape> tensors() {
    return List.of();
  }

  /**
   * Whether it works on each element by itself: then y may stand in the place of x, where nobody
   * reads x any more, and dx in that of dy.
   */
  default boolean isElementwise() {
    return false;
  }

  /** Whether {@link #backward} reads x. */
  boolean readsInput();

  /** Whether {@link #backward} reads y. */
  boolean readsOutput();

  /** Whether {@link #backward} multiplies by the transposed weights. */
  default boolean readsTransposed() {
    return false;
  }

  /** Columns of a matrix that is kept from {@link #forward} to {@link #backward}; 0 for none. */
  default int scratch() {
    return 0;
  }

  /** Whether it has a derivative; a network with a layer that has none can predict, not learn. */
  default boolean isDifferentiable() {
    return true;
  }

  /** Computes y of all rows. */
  void forward(Kernels kernels, Rows rows, Operands operands);

  /**
   * Computes dx from dy, unless dx is null, and sums the gradient of its parameters into dw along
   * the segments of the rows, if it has any.
   */
  void backward(Kernels kernels, Rows rows, Operands operands);

  /** How many counts {@link #count} keeps; 0 for none. */
  default int counts() {
    return 0;
  }

  /**
   * Adds to counts that tell of a network's health, such as how often each unit fired.
   *
   * @param rows B
   * @param y y[B,O], as forward left it
   * @param counts this layer's begin at {@code from}
   */
  default void count(Kernels kernels, int rows, Panels y, int[] counts, int from) {}

  /** What the counts say of an epoch; {@link Health#NONE} where there are none. */
  default Health health(long[] counts, int from, long examples) {
    return Health.NONE;
  }

  /**
   * The formula itself for one row, in double and as plainly as it can be said: what gradient
   * checks and tests hold {@link #forward} and {@link #backward} against.
   *
   * @param x x[I]
   * @param w the layer's matrix as rows of columns; empty if it has none
   * @param rows the block that the row belongs to
   * @param row its place there
   * @return y[O]
   */
  double[] exact(double[] x, double[][] w, Rows rows, int row);
}
