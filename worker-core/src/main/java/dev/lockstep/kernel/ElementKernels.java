package dev.lockstep.kernel;

/**
 * Functions of each element of a {@code float[]}, and two questions about all of them. The same
 * bits from every implementation, NaN payloads aside; stateless and safe for use by many threads.
 */
public interface ElementKernels {
  /** {@code y = max(x, 0)} in place over [from, to); NaN stays NaN. */
  void relu(float[] y, int from, int to);

  /** {@code dy = y > 0 ? dy : 0} for {@code count} elements, y being outputs of relu. */
  void reluGradient(float[] y, int yo, float[] dy, int dyo, int count);

  /** {@link FloatMath#sigmoid} in place over [from, to). */
  void sigmoid(float[] y, int from, int to);

  /** {@code dy = dy * (y * (1 - y))} for {@code count} elements, y being outputs of sigmoid. */
  void sigmoidGradient(float[] y, int yo, float[] dy, int dyo, int count);

  /** {@link FloatMath#tanh} in place over [from, to). */
  void tanh(float[] y, int from, int to);

  /** {@code dy = dy * (1 - y * y)} for {@code count} elements, y being outputs of tanh. */
  void tanhGradient(float[] y, int yo, float[] dy, int dyo, int count);

  /** {@code y = e^(x - shift)}, {@link FloatMath#exp}, for {@code count} elements. */
  void exp(float[] x, int xo, float shift, float[] y, int yo, int count);

  /** {@code y = y / divisor} in place over [from, to). */
  void divide(float[] y, int from, int to, float divisor);

  /**
   * Fills a row of x[B,I] with the unsigned bytes {@code b[from, from + I)} over 255: in [0, 1],
   * correctly rounded.
   */
  void unit(byte[] b, int from, Panels x, int row);

  /**
   * {@code start} plus the squares of some rows of a panel {@code a[rows, 32]} at {@code offset}.
   * In blocks of {@value #SQUARES_BLOCK} rows each column is one float chain from +0; block by
   * block, column by column, the chains are added to the double. So a panel may be summed in parts
   * of whole blocks.
   *
   * @param chains scratch of {@value Panels#WIDTH} floats
   */
  double squares(double start, float[] a, int offset, int rows, float[] chains);

  /** Rows of a block of {@link #squares}. */
  int SQUARES_BLOCK = 64;

  /**
   * Shrinks the columns of a panel {@code a[rows, 32]} at {@code offset} whose Euclidean norm is
   * above a bound to it: {@code a = a bound / norm}. The squares of a column are one float chain
   * from +0 for each block of {@value #SQUARES_BLOCK} rows, and the blocks are added in double.
   *
   * @param columns scratch of {@value Panels#WIDTH} doubles
   */
  void boundColumns(float[] a, int offset, int rows, float bound, double[] columns);

  /**
   * Adds to {@code counts[at + c]}, for each of so many columns of a panel at {@code offset}, in
   * how many of its rows {@code low < a < high} holds.
   */
  void countBetween(
      float[] a, int offset, int rows, float low, float high, int[] counts, int at, int columns);

  /**
   * Sets what is smaller than the smallest normal float ({@link Float#MIN_NORMAL}) to +0 over
   * [from, to): a decaying number would stay subnormal for ever, and CPUs take a hundred cycles for
   * each product with one.
   *
   * @return whether a[from, to) holds neither an infinity nor a NaN
   */
  boolean flush(float[] a, int from, int to);
}
