package dev.lockstep.kernel;

/**
 * The arithmetic of training on {@code float[]}: products, row sums, elementary functions.
 *
 * <p>The contract is one of bits. Every element of a product is one chain of fused multiply-adds
 * over the inner dimension in ascending order, from the stated start; vectors run across outputs
 * and never along a sum. So every implementation returns the same bits for the same arguments, NaN
 * payloads aside. Implementations are stateless and safe for use by many threads; arguments are
 * checked by assertions only.
 */
public interface Kernels {
  /** The name under which it is configured: {@code scalar}, {@code vector128}, … */
  String name();

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
  void transpose(Panels w, Panels t);

  /**
   * {@code dW[I,O] = sum over rows x[r,I] dy[r,O]}, and in row I of dW {@code sum over rows
   * dy[r,O]}: one chain from +0 for each run of rows, merged as the segments say. The result is the
   * sum of one node of the canonical tree.
   *
   * @param rows the runs
   * @param x x[B,I]
   * @param dy dy[B,O]
   * @param dw overwritten; where {@link RowSegments#continued}, its chains go on
   * @param scratch at least {@link #scratchSize} floats, overwritten
   */
  void weightGradient(RowSegments rows, Panels x, Panels dy, Panels dw, float[] scratch);

  /** Floats of scratch that {@link #weightGradient} needs for a stack so deep. */
  static int scratchSize(int depth) {
    return (depth + 1) * ScalarKernels.TILE_ROWS * Panels.WIDTH;
  }

  /** {@code y = max(x, 0)} in place over [from, to); NaN stays NaN. */
  void relu(float[] y, int from, int to);

  /** {@code dy = y > 0 ? dy : 0} in place over [from, to), y being the output of relu. */
  void reluGradient(float[] y, float[] dy, int from, int to);

  /** {@link FloatMath#sigmoid} in place over [from, to). */
  void sigmoid(float[] y, int from, int to);

  /** {@code dy = dy * (y * (1 - y))} in place over [from, to), y being the output of sigmoid. */
  void sigmoidGradient(float[] y, float[] dy, int from, int to);

  /** {@link FloatMath#tanh} in place over [from, to). */
  void tanh(float[] y, int from, int to);

  /** {@code dy = dy * (1 - y * y)} in place over [from, to), y being the output of tanh. */
  void tanhGradient(float[] y, float[] dy, int from, int to);

  /**
   * The sum of squares of a panel {@code a[rows, 32]} at {@code offset}. In blocks of {@value
   * #SQUARES_BLOCK} rows each column is one float chain from +0; block by block, column by column,
   * the chains are added to a double.
   */
  double squares(float[] a, int offset, int rows);

  /** Rows of a block of {@link #squares}. */
  int SQUARES_BLOCK = 64;

  /** Whether a[from, to) holds neither an infinity nor a NaN. */
  boolean allFinite(float[] a, int from, int to);
}
