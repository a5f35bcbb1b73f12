package dev.lockstep.kernel.vector;

import dev.lockstep.kernel.MatrixKernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.kernel.RowSegments;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link MatrixKernels} with vectors across outputs.
 *
 * <p>The compiler needs the vector species as a static constant, and a run may want any of three
 * widths. So this class is never used under its own name: {@link VectorKernelsFactory} defines it
 * once for each width as a hidden class whose class data is the species.
 *
 * <p>The micro-kernels compute a tile of several rows by two vectors; every chain lives in a local
 * variable, every row offset is a constant, and each stays below the size (about 1,600 bytecodes)
 * at which the compilers give up.
 */
final class VectorMatrixKernels implements MatrixKernels {
  private static final VectorSpecies<Float> SPECIES =
      VectorKernelsFactory.species(MethodHandles.lookup());
  private static final int LANES = SPECIES.length();
  private static final int WIDTH = Panels.WIDTH;

  /** Columns of a tile. */
  private static final int COLUMNS = 2 * LANES;

  /** Rows of a tile: with 32 registers 16 chains fit, with 16 registers 8. */
  private static final boolean TALL = LANES == 16;

  private static final int SUM_ROWS = TILE_ROWS;
  private static final float[] ZEROS = new float[SUM_ROWS * WIDTH];

  VectorMatrixKernels() {}

  private static FloatVector load(float[] a, int at) {
    return FloatVector.fromArray(SPECIES, a, at);
  }

  @Override
  public void affine(int rows, Panels x, Panels w, Panels y) {
    assert w.rows() == x.columns() + 1 && w.columns() == y.columns();
    for (int p = 0; p < y.count(); p++) {
      int bias = w.panel(p) + x.columns() * WIDTH;
      for (int c = 0; c < WIDTH; c += COLUMNS) {
        columns(rows, x, w.data(), w.panel(p) + c, w.data(), bias + c, y.data(), y.panel(p) + c);
      }
    }
  }

  @Override
  public void product(int rows, Panels x, Panels a, Panels y) {
    assert a.rows() == x.columns() && a.columns() == y.columns();
    for (int p = 0; p < y.count(); p++) {
      for (int c = 0; c < WIDTH; c += COLUMNS) {
        columns(rows, x, a.data(), a.panel(p) + c, ZEROS, 0, y.data(), y.panel(p) + c);
      }
    }
  }

  /** Two vectors of columns of a product, for all rows. */
  private static void columns(
      int rows, Panels x, float[] a, int ao, float[] init, int io, float[] y, int yo) {
    float[] xs = x.data();
    int xPanel = x.rows() * WIDTH;
    int inner = x.columns();
    int r = 0;
    if (TALL) {
      for (; r + 8 <= rows; r += 8) {
        rows8(inner, xs, x.offset() + r * WIDTH, xPanel, a, ao, init, io, y, yo + r * WIDTH);
      }
    }
    for (; r + 4 <= rows; r += 4) {
      rows4(inner, xs, x.offset() + r * WIDTH, xPanel, a, ao, init, io, y, yo + r * WIDTH);
    }
    for (; r < rows; r++) {
      rows1(inner, xs, x.offset() + r * WIDTH, xPanel, a, ao, init, io, y, yo + r * WIDTH);
    }
  }

  @Override
  public void weightGradient(RowSegments rows, Panels x, Panels dy, Panels dw, float[] scratch) {
    int inputs = x.columns();
    assert dw.rows() == inputs + 1 && dw.columns() == dy.columns();
    for (int p = 0; p < dw.count(); p++) {
      for (int i = 0; i < inputs; i += SUM_ROWS) {
        tile(rows, x, i, Math.min(SUM_ROWS, inputs - i), dy, p, dw, scratch);
      }
      biasSums(rows, dy, p, dw, inputs, scratch);
    }
  }

  /**
   * Rows [i, i + valid) of panel p of dW. The stack of sums lies in scratch, {@value #SUM_ROWS} x
   * 32 floats each; a tile always computes {@value #SUM_ROWS} rows (panels of x are padded, so the
   * reads are in bounds) and stores the valid ones.
   */
  private static void tile(
      RowSegments rows, Panels x, int i, int valid, Panels dy, int p, Panels dw, float[] scratch) {
    int tileSize = SUM_ROWS * WIDTH;
    int out = dw.panel(p) + i * WIDTH;
    float[] init = ZEROS;
    int io = 0;
    if (rows.continued()) {
      System.arraycopy(dw.data(), out, scratch, 0, valid * WIDTH);
      init = scratch;
    }
    int top = 0;
    for (int run = 0; run < rows.runs(); run++) {
      int start = rows.start(run);
      int count = rows.ends()[run] - start;
      int xo = x.at(start, i);
      int dyo = dy.panel(p) + start * WIDTH;
      int to = top * tileSize;
      for (int c = 0; c < WIDTH; c += COLUMNS) {
        if (TALL) {
          sums8(count, x.data(), xo, dy.data(), dyo + c, init, io + c, scratch, to + c);
        } else {
          int half = 4 * WIDTH + c;
          sums4(count, x.data(), xo, dy.data(), dyo + c, init, io + c, scratch, to + c);
          sums4(count, x.data(), xo + 4, dy.data(), dyo + c, init, io + half, scratch, to + half);
        }
      }
      top = merge(scratch, top + 1, rows.merges()[run], tileSize);
    }
    System.arraycopy(scratch, 0, dw.data(), out, valid * WIDTH);
  }

  /** Row I of panel p of dW: the sums of dy. */
  private static void biasSums(
      RowSegments rows, Panels dy, int p, Panels dw, int inputs, float[] scratch) {
    int out = dw.panel(p) + inputs * WIDTH;
    float[] init = rows.continued() ? dw.data() : ZEROS;
    int io = rows.continued() ? out : 0;
    int top = 0;
    for (int run = 0; run < rows.runs(); run++) {
      int from = dy.panel(p) + rows.start(run) * WIDTH;
      int to = dy.panel(p) + rows.ends()[run] * WIDTH;
      for (int c = 0; c < WIDTH; c += COLUMNS) {
        addRows(dy.data(), from + c, to + c, init, io + c, scratch, top * WIDTH + c);
      }
      top = merge(scratch, top + 1, rows.merges()[run], WIDTH);
    }
    System.arraycopy(scratch, 0, dw.data(), out, WIDTH);
  }

  private static void addRows(
      float[] dy, int from, int to, float[] init, int io, float[] sums, int so) {
    FloatVector s0 = load(init, io);
    FloatVector s1 = load(init, io + LANES);
    for (int r = from; r < to; r += WIDTH) {
      s0 = s0.add(load(dy, r));
      s1 = s1.add(load(dy, r + LANES));
    }
    s0.intoArray(sums, so);
    s1.intoArray(sums, so + LANES);
  }

  /** Merges the two topmost of {@code top} sums {@code merges} times; how many are left. */
  private static int merge(float[] stack, int top, int merges, int size) {
    for (int m = 0; m < merges; m++) {
      top--;
      int lower = (top - 1) * size;
      int upper = top * size;
      for (int i = 0; i < size; i += LANES) {
        load(stack, lower + i).add(load(stack, upper + i)).intoArray(stack, lower + i);
      }
    }
    return top;
  }

  /** 8 rows, 2 vectors of columns: y[r] = init + x[r] A, chains in registers. */
  private static void rows8(
      int inner,
      float[] x,
      int xo,
      int xPanel,
      float[] a,
      int ao,
      float[] init,
      int io,
      float[] y,
      int yo) {
    FloatVector i0 = load(init, io);
    FloatVector i1 = load(init, io + LANES);
    FloatVector s00 = i0;
    FloatVector s01 = i1;
    FloatVector s10 = i0;
    FloatVector s11 = i1;
    FloatVector s20 = i0;
    FloatVector s21 = i1;
    FloatVector s30 = i0;
    FloatVector s31 = i1;
    FloatVector s40 = i0;
    FloatVector s41 = i1;
    FloatVector s50 = i0;
    FloatVector s51 = i1;
    FloatVector s60 = i0;
    FloatVector s61 = i1;
    FloatVector s70 = i0;
    FloatVector s71 = i1;
    for (int i = 0; i < inner; i++) {
      int k = xo + (i >>> 5) * xPanel + (i & 31);
      FloatVector a0 = load(a, ao);
      FloatVector a1 = load(a, ao + LANES);
      ao += WIDTH;
      FloatVector x0 = FloatVector.broadcast(SPECIES, x[k]);
      s00 = x0.fma(a0, s00);
      s01 = x0.fma(a1, s01);
      FloatVector x1 = FloatVector.broadcast(SPECIES, x[k + WIDTH]);
      s10 = x1.fma(a0, s10);
      s11 = x1.fma(a1, s11);
      FloatVector x2 = FloatVector.broadcast(SPECIES, x[k + 2 * WIDTH]);
      s20 = x2.fma(a0, s20);
      s21 = x2.fma(a1, s21);
      FloatVector x3 = FloatVector.broadcast(SPECIES, x[k + 3 * WIDTH]);
      s30 = x3.fma(a0, s30);
      s31 = x3.fma(a1, s31);
      FloatVector x4 = FloatVector.broadcast(SPECIES, x[k + 4 * WIDTH]);
      s40 = x4.fma(a0, s40);
      s41 = x4.fma(a1, s41);
      FloatVector x5 = FloatVector.broadcast(SPECIES, x[k + 5 * WIDTH]);
      s50 = x5.fma(a0, s50);
      s51 = x5.fma(a1, s51);
      FloatVector x6 = FloatVector.broadcast(SPECIES, x[k + 6 * WIDTH]);
      s60 = x6.fma(a0, s60);
      s61 = x6.fma(a1, s61);
      FloatVector x7 = FloatVector.broadcast(SPECIES, x[k + 7 * WIDTH]);
      s70 = x7.fma(a0, s70);
      s71 = x7.fma(a1, s71);
    }
    s00.intoArray(y, yo);
    s01.intoArray(y, yo + LANES);
    s10.intoArray(y, yo + WIDTH);
    s11.intoArray(y, yo + WIDTH + LANES);
    s20.intoArray(y, yo + 2 * WIDTH);
    s21.intoArray(y, yo + 2 * WIDTH + LANES);
    s30.intoArray(y, yo + 3 * WIDTH);
    s31.intoArray(y, yo + 3 * WIDTH + LANES);
    s40.intoArray(y, yo + 4 * WIDTH);
    s41.intoArray(y, yo + 4 * WIDTH + LANES);
    s50.intoArray(y, yo + 5 * WIDTH);
    s51.intoArray(y, yo + 5 * WIDTH + LANES);
    s60.intoArray(y, yo + 6 * WIDTH);
    s61.intoArray(y, yo + 6 * WIDTH + LANES);
    s70.intoArray(y, yo + 7 * WIDTH);
    s71.intoArray(y, yo + 7 * WIDTH + LANES);
  }

  /** 4 rows, 2 vectors of columns: y[r] = init + x[r] A, chains in registers. */
  private static void rows4(
      int inner,
      float[] x,
      int xo,
      int xPanel,
      float[] a,
      int ao,
      float[] init,
      int io,
      float[] y,
      int yo) {
    FloatVector i0 = load(init, io);
    FloatVector i1 = load(init, io + LANES);
    FloatVector s00 = i0;
    FloatVector s01 = i1;
    FloatVector s10 = i0;
    FloatVector s11 = i1;
    FloatVector s20 = i0;
    FloatVector s21 = i1;
    FloatVector s30 = i0;
    FloatVector s31 = i1;
    for (int i = 0; i < inner; i++) {
      int k = xo + (i >>> 5) * xPanel + (i & 31);
      FloatVector a0 = load(a, ao);
      FloatVector a1 = load(a, ao + LANES);
      ao += WIDTH;
      FloatVector x0 = FloatVector.broadcast(SPECIES, x[k]);
      s00 = x0.fma(a0, s00);
      s01 = x0.fma(a1, s01);
      FloatVector x1 = FloatVector.broadcast(SPECIES, x[k + WIDTH]);
      s10 = x1.fma(a0, s10);
      s11 = x1.fma(a1, s11);
      FloatVector x2 = FloatVector.broadcast(SPECIES, x[k + 2 * WIDTH]);
      s20 = x2.fma(a0, s20);
      s21 = x2.fma(a1, s21);
      FloatVector x3 = FloatVector.broadcast(SPECIES, x[k + 3 * WIDTH]);
      s30 = x3.fma(a0, s30);
      s31 = x3.fma(a1, s31);
    }
    s00.intoArray(y, yo);
    s01.intoArray(y, yo + LANES);
    s10.intoArray(y, yo + WIDTH);
    s11.intoArray(y, yo + WIDTH + LANES);
    s20.intoArray(y, yo + 2 * WIDTH);
    s21.intoArray(y, yo + 2 * WIDTH + LANES);
    s30.intoArray(y, yo + 3 * WIDTH);
    s31.intoArray(y, yo + 3 * WIDTH + LANES);
  }

  /** 1 rows, 2 vectors of columns: y[r] = init + x[r] A, chains in registers. */
  private static void rows1(
      int inner,
      float[] x,
      int xo,
      int xPanel,
      float[] a,
      int ao,
      float[] init,
      int io,
      float[] y,
      int yo) {
    FloatVector i0 = load(init, io);
    FloatVector i1 = load(init, io + LANES);
    FloatVector s00 = i0;
    FloatVector s01 = i1;
    for (int i = 0; i < inner; i++) {
      int k = xo + (i >>> 5) * xPanel + (i & 31);
      FloatVector a0 = load(a, ao);
      FloatVector a1 = load(a, ao + LANES);
      ao += WIDTH;
      FloatVector x0 = FloatVector.broadcast(SPECIES, x[k]);
      s00 = x0.fma(a0, s00);
      s01 = x0.fma(a1, s01);
    }
    s00.intoArray(y, yo);
    s01.intoArray(y, yo + LANES);
  }

  /** 8 rows of dW, 2 vectors of columns: one chain each over the rows of x and dy. */
  private static void sums8(
      int rows,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] init,
      int io,
      float[] sums,
      int so) {
    FloatVector s00 = load(init, io);
    FloatVector s01 = load(init, io + LANES);
    FloatVector s10 = load(init, io + WIDTH);
    FloatVector s11 = load(init, io + WIDTH + LANES);
    FloatVector s20 = load(init, io + 2 * WIDTH);
    FloatVector s21 = load(init, io + 2 * WIDTH + LANES);
    FloatVector s30 = load(init, io + 3 * WIDTH);
    FloatVector s31 = load(init, io + 3 * WIDTH + LANES);
    FloatVector s40 = load(init, io + 4 * WIDTH);
    FloatVector s41 = load(init, io + 4 * WIDTH + LANES);
    FloatVector s50 = load(init, io + 5 * WIDTH);
    FloatVector s51 = load(init, io + 5 * WIDTH + LANES);
    FloatVector s60 = load(init, io + 6 * WIDTH);
    FloatVector s61 = load(init, io + 6 * WIDTH + LANES);
    FloatVector s70 = load(init, io + 7 * WIDTH);
    FloatVector s71 = load(init, io + 7 * WIDTH + LANES);
    int end = xo + rows * WIDTH;
    for (int r = xo; r < end; r += WIDTH) {
      FloatVector d0 = load(dy, dyo);
      FloatVector d1 = load(dy, dyo + LANES);
      dyo += WIDTH;
      FloatVector x0 = FloatVector.broadcast(SPECIES, x[r]);
      s00 = x0.fma(d0, s00);
      s01 = x0.fma(d1, s01);
      FloatVector x1 = FloatVector.broadcast(SPECIES, x[r + 1]);
      s10 = x1.fma(d0, s10);
      s11 = x1.fma(d1, s11);
      FloatVector x2 = FloatVector.broadcast(SPECIES, x[r + 2]);
      s20 = x2.fma(d0, s20);
      s21 = x2.fma(d1, s21);
      FloatVector x3 = FloatVector.broadcast(SPECIES, x[r + 3]);
      s30 = x3.fma(d0, s30);
      s31 = x3.fma(d1, s31);
      FloatVector x4 = FloatVector.broadcast(SPECIES, x[r + 4]);
      s40 = x4.fma(d0, s40);
      s41 = x4.fma(d1, s41);
      FloatVector x5 = FloatVector.broadcast(SPECIES, x[r + 5]);
      s50 = x5.fma(d0, s50);
      s51 = x5.fma(d1, s51);
      FloatVector x6 = FloatVector.broadcast(SPECIES, x[r + 6]);
      s60 = x6.fma(d0, s60);
      s61 = x6.fma(d1, s61);
      FloatVector x7 = FloatVector.broadcast(SPECIES, x[r + 7]);
      s70 = x7.fma(d0, s70);
      s71 = x7.fma(d1, s71);
    }
    s00.intoArray(sums, so);
    s01.intoArray(sums, so + LANES);
    s10.intoArray(sums, so + WIDTH);
    s11.intoArray(sums, so + WIDTH + LANES);
    s20.intoArray(sums, so + 2 * WIDTH);
    s21.intoArray(sums, so + 2 * WIDTH + LANES);
    s30.intoArray(sums, so + 3 * WIDTH);
    s31.intoArray(sums, so + 3 * WIDTH + LANES);
    s40.intoArray(sums, so + 4 * WIDTH);
    s41.intoArray(sums, so + 4 * WIDTH + LANES);
    s50.intoArray(sums, so + 5 * WIDTH);
    s51.intoArray(sums, so + 5 * WIDTH + LANES);
    s60.intoArray(sums, so + 6 * WIDTH);
    s61.intoArray(sums, so + 6 * WIDTH + LANES);
    s70.intoArray(sums, so + 7 * WIDTH);
    s71.intoArray(sums, so + 7 * WIDTH + LANES);
  }

  /** 4 rows of dW, 2 vectors of columns: one chain each over the rows of x and dy. */
  private static void sums4(
      int rows,
      float[] x,
      int xo,
      float[] dy,
      int dyo,
      float[] init,
      int io,
      float[] sums,
      int so) {
    FloatVector s00 = load(init, io);
    FloatVector s01 = load(init, io + LANES);
    FloatVector s10 = load(init, io + WIDTH);
    FloatVector s11 = load(init, io + WIDTH + LANES);
    FloatVector s20 = load(init, io + 2 * WIDTH);
    FloatVector s21 = load(init, io + 2 * WIDTH + LANES);
    FloatVector s30 = load(init, io + 3 * WIDTH);
    FloatVector s31 = load(init, io + 3 * WIDTH + LANES);
    int end = xo + rows * WIDTH;
    for (int r = xo; r < end; r += WIDTH) {
      FloatVector d0 = load(dy, dyo);
      FloatVector d1 = load(dy, dyo + LANES);
      dyo += WIDTH;
      FloatVector x0 = FloatVector.broadcast(SPECIES, x[r]);
      s00 = x0.fma(d0, s00);
      s01 = x0.fma(d1, s01);
      FloatVector x1 = FloatVector.broadcast(SPECIES, x[r + 1]);
      s10 = x1.fma(d0, s10);
      s11 = x1.fma(d1, s11);
      FloatVector x2 = FloatVector.broadcast(SPECIES, x[r + 2]);
      s20 = x2.fma(d0, s20);
      s21 = x2.fma(d1, s21);
      FloatVector x3 = FloatVector.broadcast(SPECIES, x[r + 3]);
      s30 = x3.fma(d0, s30);
      s31 = x3.fma(d1, s31);
    }
    s00.intoArray(sums, so);
    s01.intoArray(sums, so + LANES);
    s10.intoArray(sums, so + WIDTH);
    s11.intoArray(sums, so + WIDTH + LANES);
    s20.intoArray(sums, so + 2 * WIDTH);
    s21.intoArray(sums, so + 2 * WIDTH + LANES);
    s30.intoArray(sums, so + 3 * WIDTH);
    s31.intoArray(sums, so + 3 * WIDTH + LANES);
  }
}
