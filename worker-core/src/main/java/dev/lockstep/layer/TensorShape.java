package dev.lockstep.layer;

import java.io.Serializable;

/**
 * A tensor within a layer's parameter matrix: consecutive rows of it.
 *
 * @param name its last name, such as {@code weight}
 * @param rows rows of the matrix
 * @param columns columns of the matrix
 * @param isVector whether it is written to files as a vector, shape [columns]; otherwise it is
 *     written transposed, shape [columns, rows], as PyTorch's {@code Linear} has it. Penalties and
 *     initialisers leave vectors alone
 * @param initial the value that all elements of a vector begin with
 */
public record TensorShape(String name, int rows, int columns, boolean isVector, float initial)
    implements Serializable {
  /** W[I,O], called {@code weight}. */
  public static TensorShape weights(int inputs, int outputs) {
    return new TensorShape("weight", inputs, outputs, false, 0);
  }

  /** b[O], called {@code bias}; it begins at 0. */
  public static TensorShape biases(int outputs) {
    return vector("bias", outputs, 0);
  }

  /** A vector that begins with one value. */
  public static TensorShape vector(String name, int columns, float initial) {
    return new TensorShape(name, 1, columns, true, initial);
  }
}
