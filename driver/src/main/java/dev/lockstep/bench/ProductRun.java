package dev.lockstep.bench;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.kernel.Arena;
import dev.lockstep.kernel.MatrixKernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.kernel.RowSegments;
import dev.lockstep.network.Network;

/**
 * A {@link Product} with operands of its own, ready to run as a step runs it: in blocks of {@link
 * Network#MAX_BLOCK_ROWS} rows that share one set of activations, its weight gradient summed over
 * as many shards as {@code shards = auto} makes. Two gradients take turns, as where blocks are
 * merged.
 */
public final class ProductRun {
  private final Arena arena = new Arena();
  private final Product product;
  private final MatrixKernels kernels;
  private final int block;
  private final Panels x;
  private final Panels y;
  private final Panels w;
  private final Panels transposed;
  private final Panels[] gradients = new Panels[2];
  private final RowSegments segments;
  private final Panels stack;
  private int turn;

  /** Over numbers that are neither 0 nor denormal. */
  public ProductRun(Product product, MatrixKernels kernels) {
    this.product = product;
    this.kernels = kernels;
    int inputs = product.inputs();
    int outputs = product.outputs();
    block = Math.min(product.rows(), Network.MAX_BLOCK_ROWS);
    x = filled(block, inputs);
    y = filled(block, outputs);
    w = filled(inputs + 1, outputs);
    transposed = filled(outputs, inputs);
    for (int i = 0; i < gradients.length; i++) {
      gradients[i] = filled(inputs + 1, outputs);
    }
    segments = segments(product.rows(), block);
    stack = arena.allocate(MatrixKernels.stackRows(segments.depth()), Panels.WIDTH);
  }

  /** What is run. */
  public Product product() {
    return product;
  }

  /** Computes the product once, over all rows. */
  public void run() {
    if (product.direction() == Direction.TRANSPOSE) {
      kernels.transpose(w, transposed);
      return;
    }
    for (int done = 0; done < product.rows(); done += block) {
      runBlock(Math.min(block, product.rows() - done));
    }
  }

  private void runBlock(int rows) {
    switch (product.direction()) {
      case FORWARD -> kernels.affine(rows, x, w, y);
      case WEIGHT_GRADIENT -> {
        kernels.weightGradient(segments, x, y, gradients[turn], stack);
        turn = 1 - turn;
      }
      case INPUT_GRADIENT -> kernels.product(rows, y, transposed, x);
      case TRANSPOSE -> throw new IllegalStateException("a transpose has no rows");
    }
  }

  /** A block's runs under {@code shards = auto}, all equally long, and their merges. */
  private static RowSegments segments(int rows, int block) {
    if (rows % block != 0) {
      throw new IllegalArgumentException(
          "%d rows: want at most %d or a multiple of it".formatted(rows, block));
    }
    int runs = Math.max(1, BatchPlan.autoShards(rows) / (rows / block));
    RowSegments.Builder segments = new RowSegments.Builder();
    for (int i = 0; i < runs; i++) {
      segments.addRun((int) ((long) block * (i + 1) / runs - (long) block * i / runs));
      for (int merges = Integer.numberOfTrailingZeros(i + 1); merges > 0; merges--) {
        segments.merge();
      }
    }
    return segments.build(false);
  }

  /** A matrix of fractions between -1 and 1, the same at every run; padding +0. */
  private Panels filled(int rows, int columns) {
    Panels matrix = arena.allocate(rows, columns);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        matrix.set(r, c, fraction((long) r * columns + c));
      }
    }
    return matrix;
  }

  /** Spread over (-1, 1) by the golden ratio, never 0. */
  public static float fraction(long i) {
    double turn = (i + 1) * 0.6180339887498949;
    return (float) (2 * (turn - Math.floor(turn)) - 1);
  }
}
