package dev.lockstep.kernel;

import dev.lockstep.random.Philox;
import dev.lockstep.random.Purpose;
import java.util.Arrays;

/** {@link ElementKernels} in plain Java: the specification that the vector form repeats. */
final class ScalarElementKernels implements ElementKernels {
  /** Blocks of {@link Philox} for a row of a panel. */
  private static final int BLOCKS = Panels.WIDTH / 4;

  @Override
  public void relu(float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = Math.max(y[i], 0f);
    }
  }

  @Override
  public void reluGradient(float[] y, int yo, float[] dy, int dyo, int count) {
    for (int i = 0; i < count; i++) {
      dy[dyo + i] = y[yo + i] > 0f ? dy[dyo + i] : 0f;
    }
  }

  @Override
  public void sigmoid(float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = FloatMath.sigmoid(y[i]);
    }
  }

  @Override
  public void sigmoidGradient(float[] y, int yo, float[] dy, int dyo, int count) {
    for (int i = 0; i < count; i++) {
      dy[dyo + i] = dy[dyo + i] * (y[yo + i] * (1f - y[yo + i]));
    }
  }

  @Override
  public void tanh(float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = FloatMath.tanh(y[i]);
    }
  }

  @Override
  public void tanhGradient(float[] y, int yo, float[] dy, int dyo, int count) {
    for (int i = 0; i < count; i++) {
      dy[dyo + i] = dy[dyo + i] * Math.fma(-y[yo + i], y[yo + i], 1f);
    }
  }

  @Override
  public void threshold(float[] y, int from, int to, float threshold) {
    for (int i = from; i < to; i++) {
      y[i] = Float.isNaN(y[i]) ? y[i] : y[i] > threshold ? 1f : 0f;
    }
  }

  @Override
  public void leakyRelu(float[] y, int from, int to, float slope) {
    for (int i = from; i < to; i++) {
      y[i] = y[i] > 0f ? y[i] : slope * y[i];
    }
  }

  @Override
  public void leakyReluGradient(float[] y, int yo, float[] dy, int dyo, int count, float slope) {
    for (int i = 0; i < count; i++) {
      dy[dyo + i] = y[yo + i] > 0f ? dy[dyo + i] : slope * dy[dyo + i];
    }
  }

  @Override
  public void elu(float[] y, int from, int to, float alpha, float scale) {
    for (int i = from; i < to; i++) {
      y[i] = y[i] > 0f ? scale * y[i] : alpha * FloatMath.expm1(y[i]);
    }
  }

  @Override
  public void eluGradient(
      float[] y, int yo, float[] dy, int dyo, int count, float alpha, float scale) {
    for (int i = 0; i < count; i++) {
      dy[dyo + i] = dy[dyo + i] * (y[yo + i] > 0f ? scale : y[yo + i] + alpha);
    }
  }

  @Override
  public void softplus(float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = FloatMath.softplus(y[i]);
    }
  }

  @Override
  public void softplusGradient(float[] y, int yo, float[] dy, int dyo, int count) {
    for (int i = 0; i < count; i++) {
      dy[dyo + i] = dy[dyo + i] * -FloatMath.expm1(-y[yo + i]);
    }
  }

  @Override
  public void gelu(float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = FloatMath.gelu(y[i]);
    }
  }

  @Override
  public void geluGradient(float[] x, int xo, float[] dy, int dyo, int count) {
    for (int i = 0; i < count; i++) {
      dy[dyo + i] = dy[dyo + i] * FloatMath.geluSlope(x[xo + i]);
    }
  }

  @Override
  public void geluTanh(float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = FloatMath.geluTanh(y[i]);
    }
  }

  @Override
  public void geluTanhGradient(float[] x, int xo, float[] dy, int dyo, int count) {
    for (int i = 0; i < count; i++) {
      dy[dyo + i] = dy[dyo + i] * FloatMath.geluTanhSlope(x[xo + i]);
    }
  }

  @Override
  public void silu(float[] y, int from, int to) {
    for (int i = from; i < to; i++) {
      y[i] = FloatMath.silu(y[i]);
    }
  }

  @Override
  public void siluGradient(float[] x, int xo, float[] dy, int dyo, int count) {
    for (int i = 0; i < count; i++) {
      dy[dyo + i] = dy[dyo + i] * FloatMath.siluSlope(x[xo + i]);
    }
  }

  @Override
  public void prelu(float[] x, int xo, int rows, float[] slopes, int so, float[] y, int yo) {
    for (int i = 0; i < rows * Panels.WIDTH; i++) {
      float v = x[xo + i];
      y[yo + i] = v > 0f ? v : slopes[so + i % Panels.WIDTH] * v;
    }
  }

  @Override
  public void preluGradient(
      float[] x,
      int xo,
      int rows,
      float[] slopes,
      int so,
      float[] dy,
      int dyo,
      float[] products,
      int po) {
    for (int i = 0; i < rows * Panels.WIDTH; i++) {
      float v = x[xo + i];
      float d = dy[dyo + i];
      products[po + i] = d * Math.min(v, 0f);
      dy[dyo + i] = v > 0f ? d : slopes[so + i % Panels.WIDTH] * d;
    }
  }

  @Override
  public void larger(
      float[] x,
      int xo,
      int rows,
      int columns,
      float piece,
      float[] y,
      int yo,
      float[] winners,
      int wo) {
    for (int r = 0; r < rows; r++) {
      for (int i = r * Panels.WIDTH; i < r * Panels.WIDTH + columns; i++) {
        float v = x[xo + i];
        boolean wins = v > y[yo + i] || Float.isNaN(v);
        y[yo + i] = wins ? v : y[yo + i];
        winners[wo + i] = wins ? piece : winners[wo + i];
      }
    }
  }

  @Override
  public void route(
      float[] dy,
      int dyo,
      int rows,
      int columns,
      float piece,
      float[] winners,
      int wo,
      float[] dx,
      int xo) {
    for (int r = 0; r < rows; r++) {
      for (int i = r * Panels.WIDTH; i < r * Panels.WIDTH + columns; i++) {
        dx[xo + i] = winners[wo + i] == piece ? dy[dyo + i] : 0f;
      }
    }
  }

  @Override
  public void randomWords(long seed, Purpose purpose, int a, int b, int c, int[] words) {
    int[] block = new int[4];
    for (int k = 0; k < BLOCKS; k++) {
      Philox.words(seed, purpose, a, b, c + k, block);
      for (int w = 0; w < block.length; w++) {
        words[w * BLOCKS + k] = block[w];
      }
    }
  }

  @Override
  public void mask(int[] words, int limit, float kept, float[] mask, int to) {
    for (int c = 0; c < Panels.WIDTH; c++) {
      mask[to + c] = words[c] >>> 8 < limit ? 0f : kept;
    }
  }

  @Override
  public void exp(float[] x, int xo, float shift, float[] y, int yo, int count) {
    for (int i = 0; i < count; i++) {
      y[yo + i] = FloatMath.exp(x[xo + i] - shift);
    }
  }

  @Override
  public void divide(float[] y, int from, int to, float divisor) {
    for (int i = from; i < to; i++) {
      y[i] = y[i] / divisor;
    }
  }

  @Override
  public void unit(byte[] b, int from, Panels x, int row) {
    for (int c = 0; c < x.columns(); c++) {
      x.set(row, c, (b[from + c] & 0xff) / 255f);
    }
  }

  @Override
  public double squares(double start, float[] a, int offset, int rows, float[] chains) {
    double sum = start;
    for (int row = 0; row < rows; row += SQUARES_BLOCK) {
      Arrays.fill(chains, 0f);
      int end = Math.min(rows, row + SQUARES_BLOCK);
      for (int r = row; r < end; r++) {
        int from = offset + r * Panels.WIDTH;
        for (int c = 0; c < Panels.WIDTH; c++) {
          chains[c] = Math.fma(a[from + c], a[from + c], chains[c]);
        }
      }
      for (float chain : chains) {
        sum += chain;
      }
    }
    return sum;
  }

  @Override
  public void boundColumns(float[] a, int offset, int rows, float bound, double[] columns) {
    Arrays.fill(columns, 0);
    for (int row = 0; row < rows; row += SQUARES_BLOCK) {
      int end = Math.min(rows, row + SQUARES_BLOCK);
      for (int c = 0; c < Panels.WIDTH; c++) {
        float chain = 0f;
        for (int r = row; r < end; r++) {
          float v = a[offset + r * Panels.WIDTH + c];
          chain = Math.fma(v, v, chain);
        }
        columns[c] += chain;
      }
    }
    for (int c = 0; c < Panels.WIDTH; c++) {
      double norm = Math.sqrt(columns[c]);
      if (norm > bound) {
        float factor = (float) (bound / norm);
        for (int r = 0; r < rows; r++) {
          a[offset + r * Panels.WIDTH + c] *= factor;
        }
      }
    }
  }

  @Override
  public void countBetween(
      float[] a, int offset, int rows, float low, float high, int[] counts, int at, int columns) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        float v = a[offset + r * Panels.WIDTH + c];
        counts[at + c] += v > low && v < high ? 1 : 0;
      }
    }
  }

  @Override
  public boolean flush(float[] a, int from, int to) {
    boolean finite = true;
    for (int i = from; i < to; i++) {
      a[i] = Math.abs(a[i]) < Float.MIN_NORMAL ? 0f : a[i];
      finite &= Float.isFinite(a[i]);
    }
    return finite;
  }
}
