package dev.lockstep.network;

import dev.lockstep.kernel.Panels;
import dev.lockstep.layer.TensorShape;
import java.io.Serializable;
import java.util.List;

/**
 * A named tensor of the parameters and its place in panel order.
 *
 * @param name its full name, such as {@code layers.0.weight}
 * @param shape rows and columns, and how files have it
 * @param matrixOffset first float of the layer's matrix
 * @param matrixRows rows of the layer's matrix
 * @param firstRow the tensor's first row in the matrix
 */
public record ParameterTensor(
    String name, TensorShape shape, int matrixOffset, int matrixRows, int firstRow)
    implements Serializable {
  /** Elements, without padding. */
  public int size() {
    return Math.multiplyExact(shape.rows(), shape.columns());
  }

  /** The shape in files: [O, I] for weights, [O] for vectors. */
  public List<Integer> fileShape() {
    return shape.isVector() ? List.of(size()) : List.of(shape.columns(), shape.rows());
  }

  /** Copies the tensor out of a vector in panel order, in the order of files. */
  public float[] toFileOrder(float[] parameters) {
    Panels matrix = matrix(parameters);
    float[] values = new float[size()];
    int i = 0;
    for (int c = 0; c < shape.columns(); c++) {
      for (int r = 0; r < shape.rows(); r++) {
        values[i++] = matrix.get(firstRow + r, c);
      }
    }
    return values;
  }

  /** Copies values in the order of files into a vector in panel order. */
  public void fromFileOrder(float[] values, float[] parameters) {
    Panels matrix = matrix(parameters);
    int i = 0;
    for (int c = 0; c < shape.columns(); c++) {
      for (int r = 0; r < shape.rows(); r++) {
        matrix.set(firstRow + r, c, values[i++]);
      }
    }
  }

  private Panels matrix(float[] parameters) {
    return new Panels(parameters, matrixOffset, matrixRows, shape.columns());
  }
}
