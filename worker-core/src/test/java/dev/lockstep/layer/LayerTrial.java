package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.MatrixKernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.kernel.RowSegments;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A layer on its own, with matrices full of numbers.
 *
 * @param layer the layer
 * @param rows what it is told of its rows
 * @param x x[B,I]
 * @param w its matrix, padding +0; null if it learns nothing
 * @param dy gradient of its outputs, padding +0
 */
record LayerTrial(Layer layer, Rows rows, Panels x, Panels w, Panels dy) {
  /** More rows of storage than rows, so that panels do not follow each other at once. */
  private static final int SPARE = 2;

  /** With ordinary numbers, in padding too where it may be anything. */
  static LayerTrial draw(Layer layer, RowSegments segments, double size, SplittableRandom random) {
    int count = segments.rows();
    int[] examples = random.ints(count).toArray();
    Rows rows = Rows.training(segments, random.nextLong(), random.nextInt(1 << 20), examples);
    Panels x = Panels.allocate(count + SPARE, layer.inputs());
    for (int i = 0; i < x.data().length; i++) {
      x.data()[i] = (float) (size * random.nextGaussian());
    }
    int matrixRows = layer.tensors().stream().mapToInt(TensorShape::rows).sum();
    Panels w = null;
    if (matrixRows > 0) {
      w = gaussians(matrixRows, layer.tensors().get(0).columns(), 0.4, random);
    }
    Panels dy = gaussians(count + SPARE, layer.outputs(), 1, random);
    return new LayerTrial(layer, rows, x, w, dy);
  }

  private static Panels gaussians(int rows, int columns, double size, SplittableRandom random) {
    Panels a = Panels.allocate(rows, columns);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        a.set(r, c, (float) (size * random.nextGaussian()));
      }
    }
    return a;
  }

  /**
   * What comes of it.
   *
   * @param y outputs
   * @param dx gradient of the inputs; null if there is none
   * @param dw gradient of the matrix; null if there is none
   */
  record Result(Panels y, Panels dx, Panels dw) {}

  Result run(Kernels kernels) {
    return run(kernels, false);
  }

  /** Forward, and backward if the layer has a derivative. */
  Result run(Kernels kernels, boolean isInPlace) {
    int storage = x.rows();
    Panels in = copy(x);
    Panels y = isInPlace ? in : Panels.allocate(storage, layer.outputs());
    Panels scratch = layer.scratch() == 0 ? null : Panels.allocate(storage, layer.scratch());
    layer.forward(kernels, rows, new Operands(in, w, y, scratch, null, null, null, null, null));
    Panels outputs = copy(y);
    if (!layer.isDifferentiable()) {
      return new Result(outputs, null, null);
    }
    Panels transposed = null;
    if (layer.readsTransposed()) {
      transposed = Panels.allocate(layer.outputs(), layer.inputs());
      kernels.matrix().transpose(w, transposed);
    }
    Panels d = copy(dy);
    Panels dx = layer.isElementwise() ? d : Panels.allocate(storage, layer.inputs());
    Panels dw = w == null ? null : Panels.allocate(w.rows(), w.columns());
    Panels stack = Panels.allocate(MatrixKernels.stackRows(rows.segments().depth()), Panels.WIDTH);
    // What backward does not say that it reads is no longer there.
    boolean isInputGone = !layer.readsInput() && !isInPlace;
    layer.backward(
        kernels,
        rows,
        new Operands(
            isInputGone ? null : in,
            w,
            layer.readsOutput() || isInPlace ? y : null,
            scratch,
            transposed,
            d,
            dx,
            dw,
            stack));
    return new Result(outputs, dx, dw);
  }

  /** The same layer with one of the rows alone. */
  LayerTrial row(int row) {
    Rows alone =
        Rows.training(
            RowSegments.single(1, false),
            rows.seed(),
            rows.step(),
            new int[] {rows.examples()[row]});
    return new LayerTrial(layer, alone, row(x, row), w, row(dy, row));
  }

  private static Panels row(Panels a, int row) {
    Panels alone = Panels.allocate(1, a.columns());
    for (int c = 0; c < a.columns(); c++) {
      alone.set(0, c, a.get(row, c));
    }
    return alone;
  }

  /** Inputs of a row in double. */
  double[] inputs(int row) {
    return IntStream.range(0, layer.inputs()).mapToDouble(i -> x.get(row, i)).toArray();
  }

  /** The matrix in double, as rows of columns. */
  double[][] weights() {
    double[][] weights = new double[w == null ? 0 : w.rows()][];
    for (int r = 0; r < weights.length; r++) {
      int row = r;
      weights[r] = IntStream.range(0, w.columns()).mapToDouble(c -> w.get(row, c)).toArray();
    }
    return weights;
  }

  /** The sum over outputs of a row, times their gradients: what dx and dw are derivatives of. */
  double objective(double[] inputs, double[][] weights, int row) {
    double[] y = layer.exact(inputs, weights, rows, row);
    double sum = 0;
    for (int o = 0; o < y.length; o++) {
      sum += dy.get(row, o) * y[o];
    }
    return sum;
  }

  static Panels copy(Panels a) {
    return new Panels(a.data().clone(), a.offset(), a.rows(), a.columns());
  }
}
