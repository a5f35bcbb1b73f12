package dev.lockstep.kernel.vector;

import dev.lockstep.kernel.MatrixKernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.kernel.RowSegments;
import java.lang.invoke.MethodHandles;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.Vector;
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
  private static final Class<? extends Vector<Float>> VECTOR = SPECIES.vectorType();
  private static final int LANES = SPECIES.length();
  private static final int WIDTH = Panels.WIDTH;

  /** Columns of a tile. */
  private static final int COLUMNS = 2 * LANES;

  /** Whether a tile has up to 12 rows: its 24 chains need 32 registers; 4 rows fit into 16. */
  private static final boolean TALL = LANES == 16;

  /**
   * Rows of x that pass all panels of w before the next: they stay in the second-level cache. A
   * multiple of 12 and 8.
   */
  private static final int ROW_CHUNK = 96;

  /** Panels of dy that pass a panel of x before the next, for the same reason. */
  private static final int PANEL_GROUP = 8;

  /** The most rows of a tile of dW. */
  private static final int TILE_ROWS = 12;

  /** Rows of the runs that are summed two by two: what {@code shards = auto} makes most often. */
  private static final int SHORT_RUN = 16;

  /** Floats from one level of the stack to the next. */
  private static final int LEVEL = MatrixKernels.stackRows(0) * WIDTH;

  private static final float[] ZEROS = new float[TILE_ROWS * WIDTH];

  VectorMatrixKernels() {}

  private static FloatVector load(float[] a, int at) {
    return FloatVector.fromArray(SPECIES, a, at);
  }

  /**
   * Stores a vector that comes out of a loop. Of such a one the compiler knows no more than what it
   * was declared as, and goes by profiles; where those fail it, every vector of the loop becomes an
   * object, and the loop takes ten times as long. A cast to a constant class needs no profile.
   */
  private static void store(FloatVector v, float[] a, int at) {
    ((FloatVector) VECTOR.cast(v)).intoArray(a, at);
  }

  @Override
  public void affine(int rows, Panels x, Panels w, Panels y) {
    assert w.rows() == x.columns() + 1 && w.columns() == y.columns();
    for (int row = 0; row < rows; row += ROW_CHUNK) {
      for (int p = 0; p < y.count(); p++) {
        int bias = w.panel(p) + x.columns() * WIDTH;
        panel(row, rows, x, w.data(), w.panel(p), w.data(), bias, y, p);
      }
    }
  }

  @Override
  public void product(int rows, Panels x, Panels a, Panels y) {
    assert a.rows() == x.columns() && a.columns() == y.columns();
    for (int row = 0; row < rows; row += ROW_CHUNK) {
      for (int p = 0; p < y.count(); p++) {
        panel(row, rows, x, a.data(), a.panel(p), ZEROS, 0, y, p);
      }
    }
  }

  /** A chunk of rows of a panel of a product; columns that do not count may stay as they are. */
  private static void panel(
      int row, int rows, Panels x, float[] a, int ao, float[] init, int io, Panels y, int p) {
    int valid = Math.min(WIDTH, y.columns() - p * WIDTH);
    int count = Math.min(ROW_CHUNK, rows - row);
    for (int c = 0; c < valid; c += COLUMNS) {
      boolean isThin = TALL && valid - c <= LANES;
      int to = y.panel(p) + row * WIDTH + c;
      columns(row, count, isThin, x, a, ao + c, init, io + c, y.data(), to);
    }
  }

  /** Two vectors of columns of a product for some rows, or one where that is enough. */
  private static void columns(
      int row,
      int rows,
      boolean isThin,
      Panels x,
      float[] a,
      int ao,
      float[] init,
      int io,
      float[] y,
      int yo) {
    float[] xs = x.data();
    int xo = x.offset() + row * WIDTH;
    int step = x.rows() * WIDTH;
    int even = x.columns() & -2;
    int r = 0;
    if (TALL) {
      int twelves = twelves(rows);
      for (; r < twelves; r += 12) {
        if (isThin) {
          thin12(even, xs, xo + r * WIDTH, step, a, ao, init, io, y, yo + r * WIDTH);
        } else {
          rows12(even, xs, xo + r * WIDTH, step, a, ao, init, io, y, yo + r * WIDTH);
        }
      }
      for (; r + 8 <= rows; r += 8) {
        rows8(even, xs, xo + r * WIDTH, step, a, ao, init, io, y, yo + r * WIDTH);
      }
    }
    for (; r + 4 <= rows; r += 4) {
      rows4(even, xs, xo + r * WIDTH, step, a, ao, init, io, y, yo + r * WIDTH);
    }
    int tiled = r;
    for (; r < rows; r++) {
      rows1(x.columns(), xs, xo + r * WIDTH, step, a, ao, init, io, y, yo + r * WIDTH);
    }
    if (even < x.columns()) {
      int last = xo + (even / WIDTH) * step + even % WIDTH;
      for (r = 0; r < tiled; r++) {
        int to = yo + r * WIDTH;
        rows1(1, xs, last + r * WIDTH, step, a, ao + even * WIDTH, y, to, y, to);
      }
    }
  }

  /** Of some rows, how many go into tiles of 12, so that tiles of 8 and 4 take most of the rest. */
  private static int twelves(int rows) {
    int left = rows % 12;
    boolean isBetterInEights = rows >= 12 && left >= 4 && left < 8;
    return rows - left - (isBetterInEights ? 12 : 0);
  }

  @Override
  public void weightGradient(RowSegments rows, Panels x, Panels dy, Panels dw, Panels stack) {
    assert dw.rows() == x.columns() + 1 && dw.columns() == dy.columns();
    for (int group = 0; group < dw.count(); group += PANEL_GROUP) {
      int end = Math.min(dw.count(), group + PANEL_GROUP);
      for (int q = 0; q < x.count(); q++) {
        for (int p = group; p < end; p++) {
          cell(rows, x, q, dy, p, dw, stack);
        }
      }
    }
    columnSums(rows, dy, dw, x.columns(), stack);
  }

  @Override
  public void columnSums(RowSegments rows, Panels a, Panels sums, int row, Panels stack) {
    assert a.columns() == sums.columns();
    for (int p = 0; p < sums.count(); p++) {
      panelSums(rows, a, p, sums, row, stack);
    }
  }

  /** The inputs of panel q by the outputs of panel p. */
  private static void cell(
      RowSegments rows, Panels x, int q, Panels dy, int p, Panels dw, Panels stack) {
    int inputs = Math.min(WIDTH, x.columns() - q * WIDTH);
    int outputs = Math.min(WIDTH, dw.columns() - p * WIDTH);
    int at = dw.at(q * WIDTH, p * WIDTH);
    if (outputs > TILE_ROWS && inputs % 16 == 0) {
      sums(rows, inputs, x, q, dy, p, dw.data(), at, stack);
      return;
    }
    // By way of the stack, where tiles would write beyond the cell, and where few outputs leave
    // vectors across them half empty: then the transposed cell is summed, in the same chains.
    boolean isTransposed = outputs <= TILE_ROWS;
    float[] sums = stack.data();
    int so = stack.offset() + LEVEL;
    if (rows.continued()) {
      if (isTransposed) {
        transposeCell(outputs, inputs, dw.data(), at, sums, so);
      } else {
        System.arraycopy(dw.data(), at, sums, so, inputs * WIDTH);
      }
    }
    if (isTransposed) {
      sums(rows, outputs, dy, p, x, q, sums, so, stack);
      transposeCell(inputs, outputs, sums, so, dw.data(), at);
    } else {
      sums(rows, inputs, x, q, dy, p, sums, so, stack);
      System.arraycopy(sums, so, dw.data(), at, inputs * WIDTH);
    }
  }

  private static void transposeCell(
      int rows, int columns, float[] from, int fo, float[] to, int at) {
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        to[at + r * WIDTH + c] = from[fo + c * WIDTH + r];
      }
    }
  }

  /**
   * The sums over rows of a cell {@code s[height, 32] = sum a[r,height] b[r,32]} of panels p of a
   * and q of b; where continued, its chains go on. Tiles may compute more than {@code height} rows:
   * panels are padded, so the reads are in bounds.
   *
   * <p>All tiles of the cell go over a segment, or the runs of a node, before the next, while its
   * rows are in the first-level cache. Level 0 of the stack is the result, the others lie behind
   * what {@link #node} needs.
   */
  private static void sums(
      RowSegments rows,
      int height,
      Panels a,
      int p,
      Panels b,
      int q,
      float[] base,
      int at,
      Panels stack) {
    int size = height * WIDTH;
    for (int s = 0; s < rows.count(); s++) {
      int start = rows.start(s) * WIDTH;
      int count = rows.ends()[s] - rows.start(s);
      int level = rows.levels()[s];
      float[] sums = level == 0 ? base : stack.data();
      int to = level == 0 ? at : stack.offset() + (level + 1) * LEVEL;
      int merges = rows.merges()[s];
      int runs = TALL && count == SHORT_RUN ? rows.nodes()[s] : 1;
      if (runs > 1) {
        node(
            runs,
            height,
            a.data(),
            a.panel(p) + start,
            b.data(),
            b.panel(q) + start,
            sums,
            to,
            stack);
        s += runs - 1;
        merges = rows.merges()[s] - Integer.numberOfTrailingZeros(runs);
      } else {
        boolean goesOn = rows.goesOn(s);
        for (int i = 0, tile; i < height; i += tile) {
          tile = tileRows(height - i);
          int so = to + i * WIDTH;
          float[] init = goesOn ? sums : ZEROS;
          sums(
              count,
              tile,
              a.data(),
              a.panel(p) + start + i,
              b.data(),
              b.panel(q) + start,
              init,
              goesOn ? so : 0,
              sums,
              so);
        }
      }
      for (; merges > 0; merges--) {
        level--;
        float[] lower = level == 0 ? base : stack.data();
        int lo = level == 0 ? at : to - LEVEL;
        merge(lower, lo, sums, to, size);
        sums = lower;
        to = lo;
      }
    }
  }

  /** Rows of the next tile, of so many that are left in a cell. */
  private static int tileRows(int left) {
    return left <= 8 || left == 16 ? 8 : TILE_ROWS;
  }

  /** A tile of {@code height} rows: chains over {@code rows}, going on from init. */
  private static void sums(
      int rows,
      int height,
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] init,
      int io,
      float[] sums,
      int so) {
    for (int c = 0; c < WIDTH; c += COLUMNS) {
      if (!TALL) {
        for (int r = 0; r < height; r += 4) {
          int at = r * WIDTH + c;
          sums4(rows, a, ao + r, b, bo + c, init, io + at, sums, so + at);
        }
      } else if (height == TILE_ROWS) {
        sums12(rows, a, ao, b, bo + c, init, io + c, sums, so + c);
      } else {
        sums8(rows, a, ao, b, bo + c, init, io + c, sums, so + c);
      }
    }
  }

  /**
   * The sum of a node of 2, 4 or 8 runs of {@value #SHORT_RUN} rows each. Pairs of runs are merged
   * before they leave the registers, and pairs of pairs in one go: worth it while runs are short.
   */
  private static void node(
      int runs,
      int height,
      float[] a,
      int ao,
      float[] b,
      int bo,
      float[] sums,
      int so,
      Panels stack) {
    int pair = 2 * SHORT_RUN * WIDTH;
    float[] more = stack.data();
    for (int i = 0, tile; i < height; i += tile) {
      tile = pairRows(height - i);
      int size = tile * WIDTH;
      int to = so + i * WIDTH;
      int mo = stack.offset();
      pair(tile, a, ao + i, b, bo, sums, to);
      for (int run = 2, from = pair; run < runs; run += 2, from += pair, mo += size) {
        pair(tile, a, ao + i + from, b, bo + from, more, mo);
      }
      if (runs == 8) {
        mergeFour(sums, to, more, stack.offset(), size);
      } else if (runs == 4) {
        merge(sums, to, more, stack.offset(), size);
      }
    }
  }

  private static void pair(int height, float[] a, int ao, float[] b, int bo, float[] sums, int so) {
    if (height == 6) {
      pair6(a, ao, b, bo, sums, so);
    } else {
      pair5(a, ao, b, bo, sums, so);
    }
  }

  /** Rows of the next tile of pairs: 32 rows are 2 tiles of 6 and 4 of 5. */
  private static int pairRows(int left) {
    return left % 5 == 0 ? 5 : 6;
  }

  /** The sums of panel p of a. */
  private static void panelSums(
      RowSegments rows, Panels a, int p, Panels result, int row, Panels stack) {
    float[] sums = stack.data();
    int out = result.panel(p) + row * WIDTH;
    if (rows.continued()) {
      System.arraycopy(result.data(), out, sums, stack.offset(), WIDTH);
    }
    for (int s = 0; s < rows.count(); s++) {
      int from = a.panel(p) + rows.start(s) * WIDTH;
      int end = a.panel(p) + rows.ends()[s] * WIDTH;
      int to = stack.offset() + rows.levels()[s] * WIDTH;
      boolean goesOn = rows.goesOn(s);
      for (int c = 0; c < WIDTH; c += COLUMNS) {
        float[] init = goesOn ? sums : ZEROS;
        addRows(a.data(), from + c, end + c, init, goesOn ? to + c : 0, sums, to + c);
      }
      for (int merge = rows.merges()[s]; merge > 0; merge--) {
        mergeRow(sums, to - WIDTH);
        to -= WIDTH;
      }
    }
    System.arraycopy(sums, stack.offset(), result.data(), out, WIDTH);
  }

  private static void addRows(
      float[] dy, int from, int to, float[] init, int io, float[] sums, int so) {
    FloatVector s0 = load(init, io);
    FloatVector s1 = load(init, io + LANES);
    for (int r = from; r < to; r += WIDTH) {
      s0 = s0.add(load(dy, r));
      s1 = s1.add(load(dy, r + LANES));
    }
    store(s0, sums, so);
    store(s1, sums, so + LANES);
  }

  /** {@code a = a + b}, for so many floats (whole rows) each. */
  private static void merge(float[] a, int ao, float[] b, int bo, int size) {
    int d = bo - ao;
    for (int i = ao; i < ao + size; i += 2 * LANES) {
      FloatVector s0 = load(a, i).add(load(b, i + d));
      FloatVector s1 = load(a, i + LANES).add(load(b, i + d + LANES));
      store(s0, a, i);
      store(s1, a, i + LANES);
    }
  }

  /** {@code a = (a + b) + (c + d)}, for so many floats (whole rows) each; d behind c behind b. */
  private static void mergeFour(float[] a, int ao, float[] b, int bo, int size) {
    int toB = bo - ao;
    int toC = toB + size;
    int toD = toC + size;
    for (int i = ao; i < ao + size; i += 2 * LANES) {
      FloatVector ab0 = load(a, i).add(load(b, i + toB));
      FloatVector ab1 = load(a, i + LANES).add(load(b, i + toB + LANES));
      FloatVector cd0 = load(b, i + toC).add(load(b, i + toD));
      FloatVector cd1 = load(b, i + toC + LANES).add(load(b, i + toD + LANES));
      ab0.add(cd0).intoArray(a, i);
      ab1.add(cd1).intoArray(a, i + LANES);
    }
  }

  /** {@code lower = lower + upper}, for one row of the stack. */
  private static void mergeRow(float[] stack, int lower) {
    for (int i = lower; i < lower + WIDTH; i += LANES) {
      load(stack, i).add(load(stack, i + WIDTH)).intoArray(stack, i);
    }
  }

  /** 12 rows by 2 vectors of columns of a product, for an even inner dimension. */
  private static void rows12(
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
    FloatVector s80 = i0;
    FloatVector s81 = i1;
    FloatVector s90 = i0;
    FloatVector s91 = i1;
    FloatVector sa0 = i0;
    FloatVector sa1 = i1;
    FloatVector sb0 = i0;
    FloatVector sb1 = i1;
    int skip = xPanel - WIDTH;
    int k = xo - 2;
    for (int i = 0; i < inner; i += 2) {
      k += 2;
      if ((i & (WIDTH - 1)) == 0 && i != 0) {
        k += skip;
      }
      FloatVector a0 = load(a, ao);
      FloatVector a1 = load(a, ao + LANES);
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
      FloatVector x8 = FloatVector.broadcast(SPECIES, x[k + 8 * WIDTH]);
      s80 = x8.fma(a0, s80);
      s81 = x8.fma(a1, s81);
      FloatVector x9 = FloatVector.broadcast(SPECIES, x[k + 9 * WIDTH]);
      s90 = x9.fma(a0, s90);
      s91 = x9.fma(a1, s91);
      FloatVector xa = FloatVector.broadcast(SPECIES, x[k + 10 * WIDTH]);
      sa0 = xa.fma(a0, sa0);
      sa1 = xa.fma(a1, sa1);
      FloatVector xb = FloatVector.broadcast(SPECIES, x[k + 11 * WIDTH]);
      sb0 = xb.fma(a0, sb0);
      sb1 = xb.fma(a1, sb1);
      FloatVector b0 = load(a, ao + WIDTH);
      FloatVector b1 = load(a, ao + WIDTH + LANES);
      ao += 2 * WIDTH;
      FloatVector z0 = FloatVector.broadcast(SPECIES, x[k + 1]);
      s00 = z0.fma(b0, s00);
      s01 = z0.fma(b1, s01);
      FloatVector z1 = FloatVector.broadcast(SPECIES, x[k + WIDTH + 1]);
      s10 = z1.fma(b0, s10);
      s11 = z1.fma(b1, s11);
      FloatVector z2 = FloatVector.broadcast(SPECIES, x[k + 2 * WIDTH + 1]);
      s20 = z2.fma(b0, s20);
      s21 = z2.fma(b1, s21);
      FloatVector z3 = FloatVector.broadcast(SPECIES, x[k + 3 * WIDTH + 1]);
      s30 = z3.fma(b0, s30);
      s31 = z3.fma(b1, s31);
      FloatVector z4 = FloatVector.broadcast(SPECIES, x[k + 4 * WIDTH + 1]);
      s40 = z4.fma(b0, s40);
      s41 = z4.fma(b1, s41);
      FloatVector z5 = FloatVector.broadcast(SPECIES, x[k + 5 * WIDTH + 1]);
      s50 = z5.fma(b0, s50);
      s51 = z5.fma(b1, s51);
      FloatVector z6 = FloatVector.broadcast(SPECIES, x[k + 6 * WIDTH + 1]);
      s60 = z6.fma(b0, s60);
      s61 = z6.fma(b1, s61);
      FloatVector z7 = FloatVector.broadcast(SPECIES, x[k + 7 * WIDTH + 1]);
      s70 = z7.fma(b0, s70);
      s71 = z7.fma(b1, s71);
      FloatVector z8 = FloatVector.broadcast(SPECIES, x[k + 8 * WIDTH + 1]);
      s80 = z8.fma(b0, s80);
      s81 = z8.fma(b1, s81);
      FloatVector z9 = FloatVector.broadcast(SPECIES, x[k + 9 * WIDTH + 1]);
      s90 = z9.fma(b0, s90);
      s91 = z9.fma(b1, s91);
      FloatVector za = FloatVector.broadcast(SPECIES, x[k + 10 * WIDTH + 1]);
      sa0 = za.fma(b0, sa0);
      sa1 = za.fma(b1, sa1);
      FloatVector zb = FloatVector.broadcast(SPECIES, x[k + 11 * WIDTH + 1]);
      sb0 = zb.fma(b0, sb0);
      sb1 = zb.fma(b1, sb1);
    }
    store(s00, y, yo);
    store(s01, y, yo + LANES);
    store(s10, y, yo + WIDTH);
    store(s11, y, yo + WIDTH + LANES);
    store(s20, y, yo + 2 * WIDTH);
    store(s21, y, yo + 2 * WIDTH + LANES);
    store(s30, y, yo + 3 * WIDTH);
    store(s31, y, yo + 3 * WIDTH + LANES);
    store(s40, y, yo + 4 * WIDTH);
    store(s41, y, yo + 4 * WIDTH + LANES);
    store(s50, y, yo + 5 * WIDTH);
    store(s51, y, yo + 5 * WIDTH + LANES);
    store(s60, y, yo + 6 * WIDTH);
    store(s61, y, yo + 6 * WIDTH + LANES);
    store(s70, y, yo + 7 * WIDTH);
    store(s71, y, yo + 7 * WIDTH + LANES);
    store(s80, y, yo + 8 * WIDTH);
    store(s81, y, yo + 8 * WIDTH + LANES);
    store(s90, y, yo + 9 * WIDTH);
    store(s91, y, yo + 9 * WIDTH + LANES);
    store(sa0, y, yo + 10 * WIDTH);
    store(sa1, y, yo + 10 * WIDTH + LANES);
    store(sb0, y, yo + 11 * WIDTH);
    store(sb1, y, yo + 11 * WIDTH + LANES);
  }

  /** 8 rows by 2 vectors of columns of a product, for an even inner dimension. */
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
    int skip = xPanel - WIDTH;
    int k = xo - 2;
    for (int i = 0; i < inner; i += 2) {
      k += 2;
      if ((i & (WIDTH - 1)) == 0 && i != 0) {
        k += skip;
      }
      FloatVector a0 = load(a, ao);
      FloatVector a1 = load(a, ao + LANES);
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
      FloatVector b0 = load(a, ao + WIDTH);
      FloatVector b1 = load(a, ao + WIDTH + LANES);
      ao += 2 * WIDTH;
      FloatVector z0 = FloatVector.broadcast(SPECIES, x[k + 1]);
      s00 = z0.fma(b0, s00);
      s01 = z0.fma(b1, s01);
      FloatVector z1 = FloatVector.broadcast(SPECIES, x[k + WIDTH + 1]);
      s10 = z1.fma(b0, s10);
      s11 = z1.fma(b1, s11);
      FloatVector z2 = FloatVector.broadcast(SPECIES, x[k + 2 * WIDTH + 1]);
      s20 = z2.fma(b0, s20);
      s21 = z2.fma(b1, s21);
      FloatVector z3 = FloatVector.broadcast(SPECIES, x[k + 3 * WIDTH + 1]);
      s30 = z3.fma(b0, s30);
      s31 = z3.fma(b1, s31);
      FloatVector z4 = FloatVector.broadcast(SPECIES, x[k + 4 * WIDTH + 1]);
      s40 = z4.fma(b0, s40);
      s41 = z4.fma(b1, s41);
      FloatVector z5 = FloatVector.broadcast(SPECIES, x[k + 5 * WIDTH + 1]);
      s50 = z5.fma(b0, s50);
      s51 = z5.fma(b1, s51);
      FloatVector z6 = FloatVector.broadcast(SPECIES, x[k + 6 * WIDTH + 1]);
      s60 = z6.fma(b0, s60);
      s61 = z6.fma(b1, s61);
      FloatVector z7 = FloatVector.broadcast(SPECIES, x[k + 7 * WIDTH + 1]);
      s70 = z7.fma(b0, s70);
      s71 = z7.fma(b1, s71);
    }
    store(s00, y, yo);
    store(s01, y, yo + LANES);
    store(s10, y, yo + WIDTH);
    store(s11, y, yo + WIDTH + LANES);
    store(s20, y, yo + 2 * WIDTH);
    store(s21, y, yo + 2 * WIDTH + LANES);
    store(s30, y, yo + 3 * WIDTH);
    store(s31, y, yo + 3 * WIDTH + LANES);
    store(s40, y, yo + 4 * WIDTH);
    store(s41, y, yo + 4 * WIDTH + LANES);
    store(s50, y, yo + 5 * WIDTH);
    store(s51, y, yo + 5 * WIDTH + LANES);
    store(s60, y, yo + 6 * WIDTH);
    store(s61, y, yo + 6 * WIDTH + LANES);
    store(s70, y, yo + 7 * WIDTH);
    store(s71, y, yo + 7 * WIDTH + LANES);
  }

  /** 4 rows by 2 vectors of columns of a product, for an even inner dimension. */
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
    int skip = xPanel - WIDTH;
    int k = xo - 2;
    for (int i = 0; i < inner; i += 2) {
      k += 2;
      if ((i & (WIDTH - 1)) == 0 && i != 0) {
        k += skip;
      }
      FloatVector a0 = load(a, ao);
      FloatVector a1 = load(a, ao + LANES);
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
      FloatVector b0 = load(a, ao + WIDTH);
      FloatVector b1 = load(a, ao + WIDTH + LANES);
      ao += 2 * WIDTH;
      FloatVector z0 = FloatVector.broadcast(SPECIES, x[k + 1]);
      s00 = z0.fma(b0, s00);
      s01 = z0.fma(b1, s01);
      FloatVector z1 = FloatVector.broadcast(SPECIES, x[k + WIDTH + 1]);
      s10 = z1.fma(b0, s10);
      s11 = z1.fma(b1, s11);
      FloatVector z2 = FloatVector.broadcast(SPECIES, x[k + 2 * WIDTH + 1]);
      s20 = z2.fma(b0, s20);
      s21 = z2.fma(b1, s21);
      FloatVector z3 = FloatVector.broadcast(SPECIES, x[k + 3 * WIDTH + 1]);
      s30 = z3.fma(b0, s30);
      s31 = z3.fma(b1, s31);
    }
    store(s00, y, yo);
    store(s01, y, yo + LANES);
    store(s10, y, yo + WIDTH);
    store(s11, y, yo + WIDTH + LANES);
    store(s20, y, yo + 2 * WIDTH);
    store(s21, y, yo + 2 * WIDTH + LANES);
    store(s30, y, yo + 3 * WIDTH);
    store(s31, y, yo + 3 * WIDTH + LANES);
  }

  /** A row by 2 vectors of columns, for any inner dimension from any place of a panel. */
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
    store(s00, y, yo);
    store(s01, y, yo + LANES);
  }

  /** 12 rows by 1 vector of columns, for matrices of few columns. */
  private static void thin12(
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
    FloatVector s00 = i0;
    FloatVector s10 = i0;
    FloatVector s20 = i0;
    FloatVector s30 = i0;
    FloatVector s40 = i0;
    FloatVector s50 = i0;
    FloatVector s60 = i0;
    FloatVector s70 = i0;
    FloatVector s80 = i0;
    FloatVector s90 = i0;
    FloatVector sa0 = i0;
    FloatVector sb0 = i0;
    int skip = xPanel - WIDTH;
    int k = xo - 2;
    for (int i = 0; i < inner; i += 2) {
      k += 2;
      if ((i & (WIDTH - 1)) == 0 && i != 0) {
        k += skip;
      }
      FloatVector a0 = load(a, ao);
      FloatVector x0 = FloatVector.broadcast(SPECIES, x[k]);
      s00 = x0.fma(a0, s00);
      FloatVector x1 = FloatVector.broadcast(SPECIES, x[k + WIDTH]);
      s10 = x1.fma(a0, s10);
      FloatVector x2 = FloatVector.broadcast(SPECIES, x[k + 2 * WIDTH]);
      s20 = x2.fma(a0, s20);
      FloatVector x3 = FloatVector.broadcast(SPECIES, x[k + 3 * WIDTH]);
      s30 = x3.fma(a0, s30);
      FloatVector x4 = FloatVector.broadcast(SPECIES, x[k + 4 * WIDTH]);
      s40 = x4.fma(a0, s40);
      FloatVector x5 = FloatVector.broadcast(SPECIES, x[k + 5 * WIDTH]);
      s50 = x5.fma(a0, s50);
      FloatVector x6 = FloatVector.broadcast(SPECIES, x[k + 6 * WIDTH]);
      s60 = x6.fma(a0, s60);
      FloatVector x7 = FloatVector.broadcast(SPECIES, x[k + 7 * WIDTH]);
      s70 = x7.fma(a0, s70);
      FloatVector x8 = FloatVector.broadcast(SPECIES, x[k + 8 * WIDTH]);
      s80 = x8.fma(a0, s80);
      FloatVector x9 = FloatVector.broadcast(SPECIES, x[k + 9 * WIDTH]);
      s90 = x9.fma(a0, s90);
      FloatVector xa = FloatVector.broadcast(SPECIES, x[k + 10 * WIDTH]);
      sa0 = xa.fma(a0, sa0);
      FloatVector xb = FloatVector.broadcast(SPECIES, x[k + 11 * WIDTH]);
      sb0 = xb.fma(a0, sb0);
      FloatVector b0 = load(a, ao + WIDTH);
      ao += 2 * WIDTH;
      FloatVector z0 = FloatVector.broadcast(SPECIES, x[k + 1]);
      s00 = z0.fma(b0, s00);
      FloatVector z1 = FloatVector.broadcast(SPECIES, x[k + WIDTH + 1]);
      s10 = z1.fma(b0, s10);
      FloatVector z2 = FloatVector.broadcast(SPECIES, x[k + 2 * WIDTH + 1]);
      s20 = z2.fma(b0, s20);
      FloatVector z3 = FloatVector.broadcast(SPECIES, x[k + 3 * WIDTH + 1]);
      s30 = z3.fma(b0, s30);
      FloatVector z4 = FloatVector.broadcast(SPECIES, x[k + 4 * WIDTH + 1]);
      s40 = z4.fma(b0, s40);
      FloatVector z5 = FloatVector.broadcast(SPECIES, x[k + 5 * WIDTH + 1]);
      s50 = z5.fma(b0, s50);
      FloatVector z6 = FloatVector.broadcast(SPECIES, x[k + 6 * WIDTH + 1]);
      s60 = z6.fma(b0, s60);
      FloatVector z7 = FloatVector.broadcast(SPECIES, x[k + 7 * WIDTH + 1]);
      s70 = z7.fma(b0, s70);
      FloatVector z8 = FloatVector.broadcast(SPECIES, x[k + 8 * WIDTH + 1]);
      s80 = z8.fma(b0, s80);
      FloatVector z9 = FloatVector.broadcast(SPECIES, x[k + 9 * WIDTH + 1]);
      s90 = z9.fma(b0, s90);
      FloatVector za = FloatVector.broadcast(SPECIES, x[k + 10 * WIDTH + 1]);
      sa0 = za.fma(b0, sa0);
      FloatVector zb = FloatVector.broadcast(SPECIES, x[k + 11 * WIDTH + 1]);
      sb0 = zb.fma(b0, sb0);
    }
    store(s00, y, yo);
    store(s10, y, yo + WIDTH);
    store(s20, y, yo + 2 * WIDTH);
    store(s30, y, yo + 3 * WIDTH);
    store(s40, y, yo + 4 * WIDTH);
    store(s50, y, yo + 5 * WIDTH);
    store(s60, y, yo + 6 * WIDTH);
    store(s70, y, yo + 7 * WIDTH);
    store(s80, y, yo + 8 * WIDTH);
    store(s90, y, yo + 9 * WIDTH);
    store(sa0, y, yo + 10 * WIDTH);
    store(sb0, y, yo + 11 * WIDTH);
  }

  /** 12 rows of dW by 2 vectors of columns: one chain each over the rows of x and dy. */
  private static void sums12(
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
    FloatVector s80 = load(init, io + 8 * WIDTH);
    FloatVector s81 = load(init, io + 8 * WIDTH + LANES);
    FloatVector s90 = load(init, io + 9 * WIDTH);
    FloatVector s91 = load(init, io + 9 * WIDTH + LANES);
    FloatVector sa0 = load(init, io + 10 * WIDTH);
    FloatVector sa1 = load(init, io + 10 * WIDTH + LANES);
    FloatVector sb0 = load(init, io + 11 * WIDTH);
    FloatVector sb1 = load(init, io + 11 * WIDTH + LANES);
    int end = xo + rows * WIDTH;
    int d = dyo - xo;
    for (int r = xo; r < end; r += WIDTH) {
      FloatVector d0 = load(dy, r + d);
      FloatVector d1 = load(dy, r + d + LANES);
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
      FloatVector x8 = FloatVector.broadcast(SPECIES, x[r + 8]);
      s80 = x8.fma(d0, s80);
      s81 = x8.fma(d1, s81);
      FloatVector x9 = FloatVector.broadcast(SPECIES, x[r + 9]);
      s90 = x9.fma(d0, s90);
      s91 = x9.fma(d1, s91);
      FloatVector xa = FloatVector.broadcast(SPECIES, x[r + 10]);
      sa0 = xa.fma(d0, sa0);
      sa1 = xa.fma(d1, sa1);
      FloatVector xb = FloatVector.broadcast(SPECIES, x[r + 11]);
      sb0 = xb.fma(d0, sb0);
      sb1 = xb.fma(d1, sb1);
    }
    store(s00, sums, so);
    store(s01, sums, so + LANES);
    store(s10, sums, so + WIDTH);
    store(s11, sums, so + WIDTH + LANES);
    store(s20, sums, so + 2 * WIDTH);
    store(s21, sums, so + 2 * WIDTH + LANES);
    store(s30, sums, so + 3 * WIDTH);
    store(s31, sums, so + 3 * WIDTH + LANES);
    store(s40, sums, so + 4 * WIDTH);
    store(s41, sums, so + 4 * WIDTH + LANES);
    store(s50, sums, so + 5 * WIDTH);
    store(s51, sums, so + 5 * WIDTH + LANES);
    store(s60, sums, so + 6 * WIDTH);
    store(s61, sums, so + 6 * WIDTH + LANES);
    store(s70, sums, so + 7 * WIDTH);
    store(s71, sums, so + 7 * WIDTH + LANES);
    store(s80, sums, so + 8 * WIDTH);
    store(s81, sums, so + 8 * WIDTH + LANES);
    store(s90, sums, so + 9 * WIDTH);
    store(s91, sums, so + 9 * WIDTH + LANES);
    store(sa0, sums, so + 10 * WIDTH);
    store(sa1, sums, so + 10 * WIDTH + LANES);
    store(sb0, sums, so + 11 * WIDTH);
    store(sb1, sums, so + 11 * WIDTH + LANES);
  }

  /** 8 rows of dW by 2 vectors of columns: one chain each over the rows of x and dy. */
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
    int d = dyo - xo;
    for (int r = xo; r < end; r += WIDTH) {
      FloatVector d0 = load(dy, r + d);
      FloatVector d1 = load(dy, r + d + LANES);
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
    store(s00, sums, so);
    store(s01, sums, so + LANES);
    store(s10, sums, so + WIDTH);
    store(s11, sums, so + WIDTH + LANES);
    store(s20, sums, so + 2 * WIDTH);
    store(s21, sums, so + 2 * WIDTH + LANES);
    store(s30, sums, so + 3 * WIDTH);
    store(s31, sums, so + 3 * WIDTH + LANES);
    store(s40, sums, so + 4 * WIDTH);
    store(s41, sums, so + 4 * WIDTH + LANES);
    store(s50, sums, so + 5 * WIDTH);
    store(s51, sums, so + 5 * WIDTH + LANES);
    store(s60, sums, so + 6 * WIDTH);
    store(s61, sums, so + 6 * WIDTH + LANES);
    store(s70, sums, so + 7 * WIDTH);
    store(s71, sums, so + 7 * WIDTH + LANES);
  }

  /** 4 rows of dW by 2 vectors of columns: one chain each over the rows of x and dy. */
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
    int d = dyo - xo;
    for (int r = xo; r < end; r += WIDTH) {
      FloatVector d0 = load(dy, r + d);
      FloatVector d1 = load(dy, r + d + LANES);
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
    store(s00, sums, so);
    store(s01, sums, so + LANES);
    store(s10, sums, so + WIDTH);
    store(s11, sums, so + WIDTH + LANES);
    store(s20, sums, so + 2 * WIDTH);
    store(s21, sums, so + 2 * WIDTH + LANES);
    store(s30, sums, so + 3 * WIDTH);
    store(s31, sums, so + 3 * WIDTH + LANES);
  }

  /**
   * 6 rows of a cell of sums by 2 vectors of columns, for two runs of {@value #SHORT_RUN} rows one
   * behind the other: chains from +0 for each, then lower + upper.
   */
  private static void pair6(float[] x, int xo, float[] dy, int dyo, float[] sums, int so) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector s00 = zero;
    FloatVector s01 = zero;
    FloatVector s10 = zero;
    FloatVector s11 = zero;
    FloatVector s20 = zero;
    FloatVector s21 = zero;
    FloatVector s30 = zero;
    FloatVector s31 = zero;
    FloatVector s40 = zero;
    FloatVector s41 = zero;
    FloatVector s50 = zero;
    FloatVector s51 = zero;
    FloatVector t00 = zero;
    FloatVector t01 = zero;
    FloatVector t10 = zero;
    FloatVector t11 = zero;
    FloatVector t20 = zero;
    FloatVector t21 = zero;
    FloatVector t30 = zero;
    FloatVector t31 = zero;
    FloatVector t40 = zero;
    FloatVector t41 = zero;
    FloatVector t50 = zero;
    FloatVector t51 = zero;
    int end = xo + SHORT_RUN * WIDTH;
    int d = dyo - xo;
    for (int r = xo; r < end; r += WIDTH) {
      FloatVector d0 = load(dy, r + d);
      FloatVector d1 = load(dy, r + d + LANES);
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
      FloatVector e0 = load(dy, r + d + SHORT_RUN * WIDTH);
      FloatVector e1 = load(dy, r + d + SHORT_RUN * WIDTH + LANES);
      FloatVector z0 = FloatVector.broadcast(SPECIES, x[r + SHORT_RUN * WIDTH]);
      t00 = z0.fma(e0, t00);
      t01 = z0.fma(e1, t01);
      FloatVector z1 = FloatVector.broadcast(SPECIES, x[r + SHORT_RUN * WIDTH + 1]);
      t10 = z1.fma(e0, t10);
      t11 = z1.fma(e1, t11);
      FloatVector z2 = FloatVector.broadcast(SPECIES, x[r + SHORT_RUN * WIDTH + 2]);
      t20 = z2.fma(e0, t20);
      t21 = z2.fma(e1, t21);
      FloatVector z3 = FloatVector.broadcast(SPECIES, x[r + SHORT_RUN * WIDTH + 3]);
      t30 = z3.fma(e0, t30);
      t31 = z3.fma(e1, t31);
      FloatVector z4 = FloatVector.broadcast(SPECIES, x[r + SHORT_RUN * WIDTH + 4]);
      t40 = z4.fma(e0, t40);
      t41 = z4.fma(e1, t41);
      FloatVector z5 = FloatVector.broadcast(SPECIES, x[r + SHORT_RUN * WIDTH + 5]);
      t50 = z5.fma(e0, t50);
      t51 = z5.fma(e1, t51);
    }
    s00.add(t00).intoArray(sums, so);
    s01.add(t01).intoArray(sums, so + LANES);
    s10.add(t10).intoArray(sums, so + WIDTH);
    s11.add(t11).intoArray(sums, so + WIDTH + LANES);
    s20.add(t20).intoArray(sums, so + 2 * WIDTH);
    s21.add(t21).intoArray(sums, so + 2 * WIDTH + LANES);
    s30.add(t30).intoArray(sums, so + 3 * WIDTH);
    s31.add(t31).intoArray(sums, so + 3 * WIDTH + LANES);
    s40.add(t40).intoArray(sums, so + 4 * WIDTH);
    s41.add(t41).intoArray(sums, so + 4 * WIDTH + LANES);
    s50.add(t50).intoArray(sums, so + 5 * WIDTH);
    s51.add(t51).intoArray(sums, so + 5 * WIDTH + LANES);
  }

  /**
   * 5 rows of a cell of sums by 2 vectors of columns, for two runs of {@value #SHORT_RUN} rows one
   * behind the other: chains from +0 for each, then lower + upper.
   */
  private static void pair5(float[] x, int xo, float[] dy, int dyo, float[] sums, int so) {
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector s00 = zero;
    FloatVector s01 = zero;
    FloatVector s10 = zero;
    FloatVector s11 = zero;
    FloatVector s20 = zero;
    FloatVector s21 = zero;
    FloatVector s30 = zero;
    FloatVector s31 = zero;
    FloatVector s40 = zero;
    FloatVector s41 = zero;
    FloatVector t00 = zero;
    FloatVector t01 = zero;
    FloatVector t10 = zero;
    FloatVector t11 = zero;
    FloatVector t20 = zero;
    FloatVector t21 = zero;
    FloatVector t30 = zero;
    FloatVector t31 = zero;
    FloatVector t40 = zero;
    FloatVector t41 = zero;
    int end = xo + SHORT_RUN * WIDTH;
    int d = dyo - xo;
    for (int r = xo; r < end; r += WIDTH) {
      FloatVector d0 = load(dy, r + d);
      FloatVector d1 = load(dy, r + d + LANES);
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
      FloatVector e0 = load(dy, r + d + SHORT_RUN * WIDTH);
      FloatVector e1 = load(dy, r + d + SHORT_RUN * WIDTH + LANES);
      FloatVector z0 = FloatVector.broadcast(SPECIES, x[r + SHORT_RUN * WIDTH]);
      t00 = z0.fma(e0, t00);
      t01 = z0.fma(e1, t01);
      FloatVector z1 = FloatVector.broadcast(SPECIES, x[r + SHORT_RUN * WIDTH + 1]);
      t10 = z1.fma(e0, t10);
      t11 = z1.fma(e1, t11);
      FloatVector z2 = FloatVector.broadcast(SPECIES, x[r + SHORT_RUN * WIDTH + 2]);
      t20 = z2.fma(e0, t20);
      t21 = z2.fma(e1, t21);
      FloatVector z3 = FloatVector.broadcast(SPECIES, x[r + SHORT_RUN * WIDTH + 3]);
      t30 = z3.fma(e0, t30);
      t31 = z3.fma(e1, t31);
      FloatVector z4 = FloatVector.broadcast(SPECIES, x[r + SHORT_RUN * WIDTH + 4]);
      t40 = z4.fma(e0, t40);
      t41 = z4.fma(e1, t41);
    }
    s00.add(t00).intoArray(sums, so);
    s01.add(t01).intoArray(sums, so + LANES);
    s10.add(t10).intoArray(sums, so + WIDTH);
    s11.add(t11).intoArray(sums, so + WIDTH + LANES);
    s20.add(t20).intoArray(sums, so + 2 * WIDTH);
    s21.add(t21).intoArray(sums, so + 2 * WIDTH + LANES);
    s30.add(t30).intoArray(sums, so + 3 * WIDTH);
    s31.add(t31).intoArray(sums, so + 3 * WIDTH + LANES);
    s40.add(t40).intoArray(sums, so + 4 * WIDTH);
    s41.add(t41).intoArray(sums, so + 4 * WIDTH + LANES);
  }
}
