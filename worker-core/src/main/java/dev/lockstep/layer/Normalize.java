package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import java.util.Arrays;

/**
 * A fixed function of every input, {@code y = (x - offset) scale}, from statistics of a training
 * set. It stands before the first layer and learns nothing.
 *
 * @param offset offset[I]
 * @param scale scale[I]
 */
public record Normalize(float[] offset, float[] scale) implements Layer {
  public Normalize {
    if (offset.length != scale.length) {
      throw new IllegalArgumentException(
          "%d offsets and %d scales: want as many".formatted(offset.length, scale.length));
    }
  }

  @Override
  public String describe() {
    return "normalize %d".formatted(inputs());
  }

  @Override
  public int inputs() {
    return offset.length;
  }

  @Override
  public int outputs() {
    return offset.length;
  }

  @Override
  public boolean isElementwise() {
    return true;
  }

  @Override
  public boolean readsInput() {
    return false;
  }

  @Override
  public boolean readsOutput() {
    return false;
  }

  @Override
  public void forward(Kernels kernels, Rows rows, Operands operands) {
    Panels x = operands.x();
    Panels y = operands.y();
    for (int p = 0; p < y.count(); p++) {
      int first = p * Panels.WIDTH;
      int columns = Math.min(Panels.WIDTH, inputs() - first);
      for (int r = 0; r < rows.count(); r++) {
        int from = x.panel(p) + r * Panels.WIDTH;
        int to = y.panel(p) + r * Panels.WIDTH;
        for (int c = 0; c < columns; c++) {
          y.data()[to + c] = (x.data()[from + c] - offset[first + c]) * scale[first + c];
        }
      }
    }
  }

  @Override
  public void backward(Kernels kernels, Rows rows, Operands operands) {
    if (operands.dx() != null) {
      throw new IllegalStateException(describe() + " stands behind a layer that learns");
    }
  }

  @Override
  public double[] exact(double[] x, double[][] w, Rows rows, int row) {
    double[] y = new double[x.length];
    Arrays.setAll(y, i -> (x[i] - offset[i]) * scale[i]);
    return y;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Normalize that
        && Arrays.equals(offset, that.offset)
        && Arrays.equals(scale, that.scale);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(offset) + 31 * Arrays.hashCode(scale);
  }

  @Override
  public String toString() {
    return describe();
  }
}
