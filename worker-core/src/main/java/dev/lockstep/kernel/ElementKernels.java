package dev.lockstep.kernel;

import dev.lockstep.random.Philox;
import dev.lockstep.random.Purpose;

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

  /** {@code y = y > threshold ? 1 : 0} in place over [from, to); NaN stays NaN. */
  void threshold(float[] y, int from, int to, float threshold);

  /** {@code y = y > 0 ? y : slope y} in place over [from, to). */
  void leakyRelu(float[] y, int from, int to, float slope);

  /**
   * {@code dy = y > 0 ? dy : slope dy} for {@code count} elements, y being outputs of a leaky relu
   * whose slope is not negative.
   */
  void leakyReluGradient(float[] y, int yo, float[] dy, int dyo, int count, float slope);

  /**
   * {@code y = y > 0 ? scale y : alpha (e^y - 1)}, {@link FloatMath#expm1}, in place over [from,
   * to).
   */
  void elu(float[] y, int from, int to, float alpha, float scale);

  /**
   * {@code dy = dy (y > 0 ? scale : y + alpha)} for {@code count} elements, y being outputs of elu.
   */
  void eluGradient(float[] y, int yo, float[] dy, int dyo, int count, float alpha, float scale);

  /** {@link FloatMath#softplus} in place over [from, to). */
  void softplus(float[] y, int from, int to);

  /** {@code dy = dy (1 - e^-y)} for {@code count} elements, y being outputs of softplus. */
  void softplusGradient(float[] y, int yo, float[] dy, int dyo, int count);

  /** {@link FloatMath#gelu} in place over [from, to). */
  void gelu(float[] y, int from, int to);

  /** {@code dy = dy} {@link FloatMath#geluSlope} of x for {@code count} elements. */
  void geluGradient(float[] x, int xo, float[] dy, int dyo, int count);

  /** {@link FloatMath#geluTanh} in place over [from, to). */
  void geluTanh(float[] y, int from, int to);

  /** {@code dy = dy} {@link FloatMath#geluTanhSlope} of x for {@code count} elements. */
  void geluTanhGradient(float[] x, int xo, float[] dy, int dyo, int count);

  /** {@link FloatMath#silu} in place over [from, to). */
  void silu(float[] y, int from, int to);

  /** {@code dy = dy} {@link FloatMath#siluSlope} of x for {@code count} elements. */
  void siluGradient(float[] x, int xo, float[] dy, int dyo, int count);

  /**
   * {@code y = x > 0 ? x : slope x} for some rows of a panel, with a slope for each column.
   *
   * @param x a panel at {@code xo}
   * @param slopes a row of {@value Panels#WIDTH} at {@code so}
   * @param y a panel at {@code yo}, overwritten
   */
  void prelu(float[] x, int xo, int rows, float[] slopes, int so, float[] y, int yo);

  /**
   * {@code products = dy min(x, 0)}, which are the parts of the slopes' gradients, then {@code dy =
   * x > 0 ? dy : slope dy}, for some rows of a panel.
   *
   * @param x a panel at {@code xo}
   * @param slopes a row of {@value Panels#WIDTH} at {@code so}
   * @param dy a panel at {@code dyo}, in place
   * @param products a panel at {@code po}, overwritten
   */
  void preluGradient(
      float[] x,
      int xo,
      int rows,
      float[] slopes,
      int so,
      float[] dy,
      int dyo,
      float[] products,
      int po);

  /**
   * {@code y = max(x, y)} for some columns of some rows of panels, and where x is the larger one or
   * NaN {@code winners = piece}.
   *
   * @param columns how many from the offsets on; they lie within one panel each
   */
  void larger(
      float[] x,
      int xo,
      int rows,
      int columns,
      float piece,
      float[] y,
      int yo,
      float[] winners,
      int wo);

  /**
   * {@code dx = winners == piece ? dy : 0} for some columns of some rows of panels.
   *
   * @param columns how many from the offsets on; they lie within one panel each
   */
  void route(
      float[] dy,
      int dyo,
      int rows,
      int columns,
      float piece,
      float[] winners,
      int wo,
      float[] dx,
      int xo);

  /** {@code y = y a} for {@code count} elements. */
  default void multiply(float[] a, int ao, float[] y, int yo, int count) {
    for (int i = 0; i < count; i++) {
      y[yo + i] = y[yo + i] * a[ao + i];
    }
  }

  /**
   * Random words for a row of a panel: a column gets word {@code column / 8} of {@link Philox}
   * under the third counter {@code c} plus {@code column % 8}.
   *
   * @param seed the key
   * @param purpose the stream
   * @param a first counter word
   * @param b second counter word
   * @param c third counter word of the first of eight blocks
   * @param words receives {@value Panels#WIDTH} words, overwritten
   */
  void randomWords(long seed, Purpose purpose, int a, int b, int c, int[] words);

  /**
   * {@code mask = (word >>> 8) < limit ? 0 : kept} for a row of a panel.
   *
   * @param words {@value Panels#WIDTH} words
   * @param mask overwritten from {@code to} on
   */
  void mask(int[] words, int limit, float kept, float[] mask, int to);

  /** {@code y = e^(x - shift)}, {@link FloatMath#exp}, for {@code count} elements. */
  void exp(float[] x, int xo, float shift, float[] y, int yo, int count);

  /** {@code y = y / divisor} in place over [from, to). */
  void divide(float[] y, int from, int to, float divisor);

  /**
   * Fills a row of x[B,I] with the unsigned bytes {@code b[from, from + I)} over 255: in [0, 1],
   * correctly rounded.
   */
  void unit(byte[] b, int from, Panels x, int row);

  /** A row of x from the little-endian floats of {@code b}, from {@code from} on. */
  default void floats(byte[] b, int from, Panels x, int row) {
    float[] y = x.data();
    int columns = x.columns();
    for (int panel = 0; panel < columns; panel += Panels.WIDTH) {
      int to = x.at(row, panel);
      int end = Math.min(Panels.WIDTH, columns - panel);
      for (int c = 0; c < end; c++) {
        y[to + c] = (float) LittleEndian.FLOATS.get(b, from + (panel + c) * Float.BYTES);
      }
    }
  }

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
