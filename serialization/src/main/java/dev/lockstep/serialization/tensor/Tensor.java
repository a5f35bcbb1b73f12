package dev.lockstep.serialization.tensor;

import java.util.List;

/**
 * A named array of float32 values. Immutable by convention: the array is neither copied nor written
 * to.
 *
 * @param name its name in a file
 * @param shape its dimensions, each 0 or more; empty for a single value
 * @param values its values, row-major
 */
public record Tensor(String name, List<Integer> shape, float[] values) implements TensorSource {
  public Tensor {
    shape = List.copyOf(shape);
    for (int dimension : shape) {
      if (dimension < 0) {
        throw new IllegalArgumentException(
            "tensor %s has shape %s; want dimensions of 0 or more".formatted(name, shape));
      }
    }
    if (elements(shape) != values.length) {
      throw new IllegalArgumentException(
          "tensor %s has shape %s and %d values; want as many values as the shape's product"
              .formatted(name, shape, values.length));
    }
  }

  /** The product of dimensions of 0 or more; {@link Long#MAX_VALUE} if a long cannot hold it. */
  static long elements(List<Integer> shape) {
    long product = 1;
    for (int dimension : shape) {
      boolean fits = dimension == 0 || product <= Long.MAX_VALUE / dimension;
      product = fits ? product * dimension : Long.MAX_VALUE;
    }
    return product;
  }
}
