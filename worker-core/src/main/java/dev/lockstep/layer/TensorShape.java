package dev.lockstep.layer;

import java.io.Serializable;

/**
 * A tensor within a layer's parameter matrix: consecutive rows of it.
 *
 * @param name its last name, such as {@code weight}
 * @param rows rows of the matrix
 * @param columns columns of the matrix
 * @param isVector whether it is written to files as a vector, shape [columns]; otherwise it is
 *     written transposed, shape [columns, rows], as PyTorch's {@code Linear} has it
 */
public record TensorShape(String name, int rows, int columns, boolean isVector)
    implements Serializable {}
