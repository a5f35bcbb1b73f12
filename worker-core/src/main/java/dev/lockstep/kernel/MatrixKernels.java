package dev.lockstep.kernel;

import java.util.Arrays;

/**
 * Products of matrices in panels, and sums over their rows.
 *
 * <p>The contract is one of bits. Every element of a product is one chain of fused multiply-adds
 * over the inner dimension in ascending order, from the stated start; vectors run across outputs
 * and never along a sum. So every implementation returns the same bits for the same arguments.
 * Implementations are stateless and safe for use by many threads; arguments are checked by
 * assertions only.
 */
public interface MatrixKernels {
  /**
   * {@code y[B,O] = x[B,I] W[I,O] + b[O]}: the chain of y[r,o] starts at b[o].
   *
   * @param rows B
   * @param x x[B,I]
   * @param w rows 0 to I-1 are W, row I is b
   * @param y overwritten
   */
  void affine(int rows, Panels x, Panels w, Panels y);

  /**
   * {@code y[B,O] = x[B,I] A[I,O]}: the chain of y[r,o] starts at +0.
   *
   * @param rows B
   * @param x x[B,I]
   * @param a A[I,O]
   * @param y overwritten
   */
  void product(int rows, Panels x, Panels a, Panels y);

  /**
   * {@code t[O,I] = W[I,O]^T}, padding +0.
   *
   * @param w at least I rows; further rows (the bias) are left out
   * @param t overwritten; its columns say what I is
   */
  default void transpose(Panels w, Panels t) {
    assert w.columns() == t.rows() && w.rows() >= t.columns();
    for (int p = 0; p < t.count(); p++) {
      int valid = Math.min(Panels.WIDTH, t.columns() - p * Panels.WIDTH);
      for (int o = 0; o < t.rows(); o++) {
        int to = t.panel(p) + o * Panels.WIDTH;
        int from = w.at(p * Panels.WIDTH, o);
        for (int i = 0; i < valid; i++) {
          t.data()[to + i] = w.data()[from + i * Panels.WIDTH];
        }
        Arrays.fill(t.data(), to + valid, to + Panels.WIDTH, 0f);
      }
    }
  }

  /**
   * {@code dW[I,O] = sum over rows x[r,I] dy[r,O]}, and in row I of dW {@code sum over rows
   * dy[r,O]}: one chain from +0 for each run of rows, merged as the segments say. The result is the
   * sum of one node of the canonical tree.
   *
   * @param rows the runs
   * @param x x[B,I]
   * @param dy dy[B,O]
   * @param dw overwritten; where {@link RowSegments#continued}, its chains go on
   * @param stack a panel of at least {@link #stackRows} rows, overwritten
   */
  void weightGradient(RowSegments rows, Panels x, Panels dy, Panels dw, Panels stack);

  /**
   * {@code sums[row] = sum over rows of a[r,O]}, in the chains of the last row of {@link
   * #weightGradient}.
   *
   * @param rows the runs
   * @param a a[B,O]
   * @param sums a row of it is overwritten, or gone on with
   * @param stack a panel of at least {@link #stackRows} rows, overwritten
   */
  void columnSums(RowSegments rows, Panels a, Panels sums, int row, Panels stack);

  /**
   * Rows of the panel that {@link #weightGradient} needs for a stack so deep: a level is a cell of
   * 32 rows, and one more because caches confuse what lies 4 KB apart. One level is for sums on
   * their way.
   */
  static int stackRows(int depth) {
    return (depth + 1) * (Panels.WIDTH + 1);
  }
}
