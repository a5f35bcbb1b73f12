package dev.lockstep.kernel;

import java.util.Arrays;

/**
 * {@link MatrixKernels} in plain Java: the specification that the vector form repeats bit for bit.
 *
 * <p>Eight columns at a time have their chains in local variables; that hides the latency of the
 * multiply-add and is all the cleverness there is.
 */
final class ScalarMatrixKernels implements MatrixKernels {
  private static final int COLUMNS = 8;
  private static final float[] ZEROS = new float[Panels.WIDTH];

  @Override
  public void affine(int rows, Panels x, Panels w, Panels y) {
    assert w.rows() == x.columns() + 1 : w.rows() + " rows of W for " + x.columns() + " inputs";
    assert w.columns() == y.columns();
    for (int p = 0; p < y.count(); p++) {
      int bias = w.panel(p) + x.columns() * Panels.WIDTH;
      for (int r = 0; r < rows; r++) {
        rowProduct(x, r, w, p, w.data(), bias, y);
      }
    }
  }

  @Override
  public void product(int rows, Panels x, Panels a, Panels y) {
    assert a.rows() == x.columns() && a.columns() == y.columns();
    for (int p = 0; p < y.count(); p++) {
      for (int r = 0; r < rows; r++) {
        rowProduct(x, r, a, p, ZEROS, 0, y);
      }
    }
  }

  /** Row r, panel p of y; the chains start at {@code init[i0 ..]}. */
  private static void rowProduct(Panels x, int r, Panels w, int p, float[] init, int i0, Panels y) {
    float[] xs = x.data();
    float[] ws = w.data();
    int yo = y.panel(p) + r * Panels.WIDTH;
    for (int c = 0; c < Panels.WIDTH; c += COLUMNS) {
      float s0 = init[i0 + c];
      float s1 = init[i0 + c + 1];
      float s2 = init[i0 + c + 2];
      float s3 = init[i0 + c + 3];
      float s4 = init[i0 + c + 4];
      float s5 = init[i0 + c + 5];
      float s6 = init[i0 + c + 6];
      float s7 = init[i0 + c + 7];
      int wo = w.panel(p) + c;
      for (int k = 0; k < x.columns(); k++) {
        float xk = xs[x.at(r, k)];
        s0 = Math.fma(xk, ws[wo], s0);
        s1 = Math.fma(xk, ws[wo + 1], s1);
        s2 = Math.fma(xk, ws[wo + 2], s2);
        s3 = Math.fma(xk, ws[wo + 3], s3);
        s4 = Math.fma(xk, ws[wo + 4], s4);
        s5 = Math.fma(xk, ws[wo + 5], s5);
        s6 = Math.fma(xk, ws[wo + 6], s6);
        s7 = Math.fma(xk, ws[wo + 7], s7);
        wo += Panels.WIDTH;
      }
      store(y.data(), yo + c, s0, s1, s2, s3, s4, s5, s6, s7);
    }
  }

  @Override
  public void weightGradient(RowSegments rows, Panels x, Panels dy, Panels dw, Panels stack) {
    int inputs = x.columns();
    assert dw.rows() == inputs + 1 && dw.columns() == dy.columns();
    for (int p = 0; p < dw.count(); p++) {
      for (int i = 0; i < inputs; i++) {
        rowSums(rows, x, i, dy, p, dw, i, stack);
      }
    }
    columnSums(rows, dy, dw, inputs, stack);
  }

  @Override
  public void columnSums(RowSegments rows, Panels a, Panels sums, int row, Panels stack) {
    assert a.columns() == sums.columns();
    for (int p = 0; p < sums.count(); p++) {
      rowSums(rows, null, 0, a, p, sums, row, stack);
    }
  }

  /** A row of panel p: the sums of a[r,O] times x[r,i], or times 1 if x is null. */
  private static void rowSums(
      RowSegments rows, Panels x, int i, Panels a, int p, Panels result, int row, Panels stack) {
    float[] sums = stack.data();
    int out = result.panel(p) + row * Panels.WIDTH;
    if (rows.continued()) {
      System.arraycopy(result.data(), out, sums, stack.offset(), Panels.WIDTH);
    }
    for (int s = 0; s < rows.count(); s++) {
      int to = stack.offset() + rows.levels()[s] * Panels.WIDTH;
      if (!rows.goesOn(s)) {
        Arrays.fill(sums, to, to + Panels.WIDTH, 0f);
      }
      for (int r = rows.start(s); r < rows.ends()[s]; r++) {
        float factor = x == null ? 1f : x.get(r, i);
        addProduct(factor, a.data(), a.panel(p) + r * Panels.WIDTH, sums, to);
      }
      for (int merge = rows.merges()[s]; merge > 0; merge--) {
        addRow(sums, to - Panels.WIDTH, to);
        to -= Panels.WIDTH;
      }
    }
    System.arraycopy(sums, stack.offset(), result.data(), out, Panels.WIDTH);
  }

  private static void addProduct(float factor, float[] a, int from, float[] sum, int to) {
    for (int c = 0; c < Panels.WIDTH; c++) {
      sum[to + c] = Math.fma(factor, a[from + c], sum[to + c]);
    }
  }

  private static void addRow(float[] a, int lower, int upper) {
    for (int c = 0; c < Panels.WIDTH; c++) {
      a[lower + c] = a[lower + c] + a[upper + c];
    }
  }

  private static void store(
      float[] y,
      int at,
      float s0,
      float s1,
      float s2,
      float s3,
      float s4,
      float s5,
      float s6,
      float s7) {
    y[at] = s0;
    y[at + 1] = s1;
    y[at + 2] = s2;
    y[at + 3] = s3;
    y[at + 4] = s4;
    y[at + 5] = s5;
    y[at + 6] = s6;
    y[at + 7] = s7;
  }
}
