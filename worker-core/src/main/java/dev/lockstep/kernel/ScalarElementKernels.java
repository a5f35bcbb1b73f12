package dev.lockstep.kernel;

import java.util.Arrays;

/** {@link ElementKernels} in plain Java: the specification that the vector form repeats. */
final class ScalarElementKernels implements ElementKernels {
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
