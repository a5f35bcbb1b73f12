package dev.lockstep.kernel.vector;

import static dev.lockstep.kernel.FloatMath.EXP_C0;
import static dev.lockstep.kernel.FloatMath.EXP_C1;
import static dev.lockstep.kernel.FloatMath.EXP_C2;
import static dev.lockstep.kernel.FloatMath.EXP_C3;
import static dev.lockstep.kernel.FloatMath.EXP_C4;
import static dev.lockstep.kernel.FloatMath.EXP_C5;
import static dev.lockstep.kernel.FloatMath.EXP_MAX;
import static dev.lockstep.kernel.FloatMath.EXP_MIN;
import static dev.lockstep.kernel.FloatMath.LN2_HIGH;
import static dev.lockstep.kernel.FloatMath.LN2_LOW;
import static dev.lockstep.kernel.FloatMath.LOG2_E;
import static dev.lockstep.kernel.FloatMath.ROUNDER;
import static dev.lockstep.kernel.FloatMath.TANH_C0;
import static dev.lockstep.kernel.FloatMath.TANH_C1;
import static dev.lockstep.kernel.FloatMath.TANH_C2;
import static dev.lockstep.kernel.FloatMath.TANH_C3;
import static dev.lockstep.kernel.FloatMath.TANH_C4;
import static dev.lockstep.kernel.FloatMath.TANH_SPLIT;

import dev.lockstep.kernel.ElementKernels;
import dev.lockstep.kernel.FloatMath;
import dev.lockstep.kernel.Panels;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link ElementKernels} with vectors: the operations of {@link FloatMath}, in the same order.
 * Defined by {@link VectorKernelsFactory}, like {@link VectorMatrixKernels}.
 */
final class VectorElementKernels implements ElementKernels {
  private static final VectorSpecies<Float> SPECIES =
      VectorKernelsFactory.species(MethodHandles.lookup());
  private static final VectorSpecies<Integer> INTS =
      VectorSpecies.of(int.class, SPECIES.vectorShape());
  private static final int LANES = SPECIES.length();

  /** Bytes for as many lanes; a vector of four bytes does not exist. */
  private static final boolean HAS_BYTES = LANES >= 8;

  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, Byte.SIZE * LANES)));
  private static final int WIDTH = Panels.WIDTH;
  private static final int COLUMNS = 2 * LANES;
  private static final FloatVector ZERO = FloatVector.zero(SPECIES);
  private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1f);

  VectorElementKernels() {}

  private static FloatVector load(float[] a, int at) {
    return FloatVector.fromArray(SPECIES, a, at);
  }

  @Override
  public void relu(float[] y, int from, int to) {
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      FloatVector v = load(y, i);
      v.blend(ZERO, v.compare(VectorOperators.LE, 0f)).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = Math.max(y[i], 0f);
    }
  }

  @Override
  public void reluGradient(float[] y, int yo, float[] dy, int dyo, int count) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      ZERO.blend(load(dy, dyo + i), load(y, yo + i).compare(VectorOperators.GT, 0f))
          .intoArray(dy, dyo + i);
    }
    for (; i < count; i++) {
      dy[dyo + i] = y[yo + i] > 0f ? dy[dyo + i] : 0f;
    }
  }

  @Override
  public void sigmoid(float[] y, int from, int to) {
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      FloatVector x = load(y, i);
      FloatVector e = exp(x.abs().neg());
      VectorMask<Float> negative = x.compare(VectorOperators.LT, 0f);
      ONE.blend(e, negative).div(e.add(ONE)).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = FloatMath.sigmoid(y[i]);
    }
  }

  @Override
  public void sigmoidGradient(float[] y, int yo, float[] dy, int dyo, int count) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      FloatVector v = load(y, yo + i);
      load(dy, dyo + i).mul(v.mul(ONE.sub(v))).intoArray(dy, dyo + i);
    }
    for (; i < count; i++) {
      dy[dyo + i] = dy[dyo + i] * (y[yo + i] * (1f - y[yo + i]));
    }
  }

  @Override
  public void tanh(float[] y, int from, int to) {
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      tanh(load(y, i)).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = FloatMath.tanh(y[i]);
    }
  }

  @Override
  public void tanhGradient(float[] y, int yo, float[] dy, int dyo, int count) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      FloatVector v = load(y, yo + i);
      load(dy, dyo + i).mul(v.neg().fma(v, ONE)).intoArray(dy, dyo + i);
    }
    for (; i < count; i++) {
      dy[dyo + i] = dy[dyo + i] * Math.fma(-y[yo + i], y[yo + i], 1f);
    }
  }

  @Override
  public void exp(float[] x, int xo, float shift, float[] y, int yo, int count) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      exp(load(x, xo + i).sub(shift)).intoArray(y, yo + i);
    }
    for (; i < count; i++) {
      y[yo + i] = FloatMath.exp(x[xo + i] - shift);
    }
  }

  @Override
  public void divide(float[] y, int from, int to, float divisor) {
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      load(y, i).div(divisor).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = y[i] / divisor;
    }
  }

  private static FloatVector exp(FloatVector x) {
    FloatVector clamped = x.max(EXP_MIN).min(EXP_MAX);
    FloatVector rounder = FloatVector.broadcast(SPECIES, ROUNDER);
    FloatVector shifted = clamped.fma(FloatVector.broadcast(SPECIES, LOG2_E), rounder);
    FloatVector n = shifted.sub(rounder);
    FloatVector r = n.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), clamped);
    r = n.fma(FloatVector.broadcast(SPECIES, -LN2_LOW), r);
    FloatVector p = FloatVector.broadcast(SPECIES, EXP_C5);
    p = step(p, r, EXP_C4);
    p = step(p, r, EXP_C3);
    p = step(p, r, EXP_C2);
    p = step(p, r, EXP_C1);
    p = step(p, r, EXP_C0);
    p = p.fma(r.mul(r), r).add(ONE);
    IntVector exponent = shifted.reinterpretAsInts().sub(rounder.reinterpretAsInts());
    IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
    return p.mul(powerOfTwo(half)).mul(powerOfTwo(exponent.sub(half)));
  }

  private static FloatVector powerOfTwo(IntVector exponent) {
    return exponent
        .add(IntVector.broadcast(INTS, 127))
        .lanewise(VectorOperators.LSHL, 23)
        .reinterpretAsFloats();
  }

  private static FloatVector tanh(FloatVector x) {
    FloatVector z = x.mul(x);
    FloatVector p = FloatVector.broadcast(SPECIES, TANH_C4);
    p = step(p, z, TANH_C3);
    p = step(p, z, TANH_C2);
    p = step(p, z, TANH_C1);
    p = step(p, z, TANH_C0);
    FloatVector small = p.mul(z).fma(x, x);

    FloatVector magnitude = x.abs();
    FloatVector two = FloatVector.broadcast(SPECIES, 2f);
    FloatVector t = ONE.sub(two.div(exp(two.mul(magnitude)).add(ONE)));
    VectorMask<Float> negative = x.compare(VectorOperators.LT, 0f);
    FloatVector large = t.blend(t.neg(), negative);
    return large.blend(small, magnitude.compare(VectorOperators.LT, TANH_SPLIT));
  }

  /** One step of Horner's rule: {@code p * x + c}. */
  private static FloatVector step(FloatVector p, FloatVector x, float c) {
    return p.fma(x, FloatVector.broadcast(SPECIES, c));
  }

  @Override
  public void unit(byte[] b, int from, Panels x, int row) {
    float[] y = x.data();
    int columns = x.columns();
    int step = (x.rows() - 1) * WIDTH;
    int to = x.panel(0) + row * WIDTH;
    int i = 0;
    for (; HAS_BYTES && i + LANES <= columns; i += LANES) {
      if (i % WIDTH == 0 && i > 0) {
        to += step;
      }
      IntVector n = (IntVector) ByteVector.fromArray(BYTES, b, from + i).castShape(INTS, 0);
      FloatVector v = (FloatVector) n.and(0xff).castShape(SPECIES, 0);
      // The quotient by a reciprocal, corrected by its remainder, is the rounded one for each byte.
      FloatVector q = v.mul(1f / 255f);
      FloatVector remainder = q.fma(FloatVector.broadcast(SPECIES, -255f), v);
      remainder.fma(FloatVector.broadcast(SPECIES, 1f / 255f), q).intoArray(y, to + i);
    }
    for (; i < columns; i++) {
      y[x.at(row, i)] = (b[from + i] & 0xff) / 255f;
    }
  }

  @Override
  public double squares(double start, float[] a, int offset, int rows, float[] chains) {
    double sum = start;
    for (int row = 0; row < rows; row += SQUARES_BLOCK) {
      int end = Math.min(rows, row + SQUARES_BLOCK);
      for (int c = 0; c < WIDTH; c += COLUMNS) {
        squareChains(a, offset + row * WIDTH + c, offset + end * WIDTH, chains, c);
      }
      for (float chain : chains) {
        sum += chain;
      }
    }
    return sum;
  }

  private static void squareChains(float[] a, int from, int to, float[] chains, int c) {
    // Not the constant: a chain that starts from an object in memory is boxed in every turn.
    FloatVector s0 = FloatVector.zero(SPECIES);
    FloatVector s1 = FloatVector.zero(SPECIES);
    for (int i = from; i < to; i += WIDTH) {
      FloatVector v0 = load(a, i);
      FloatVector v1 = load(a, i + LANES);
      s0 = v0.fma(v0, s0);
      s1 = v1.fma(v1, s1);
    }
    s0.intoArray(chains, c);
    s1.intoArray(chains, c + LANES);
  }

  @Override
  public void boundColumns(float[] a, int offset, int rows, float bound, double[] columns) {
    Arrays.fill(columns, 0);
    float[] chains = new float[WIDTH];
    for (int row = 0; row < rows; row += SQUARES_BLOCK) {
      int end = Math.min(rows, row + SQUARES_BLOCK);
      for (int c = 0; c < WIDTH; c += COLUMNS) {
        squareChains(a, offset + row * WIDTH + c, offset + end * WIDTH, chains, c);
      }
      for (int c = 0; c < WIDTH; c++) {
        columns[c] += chains[c];
      }
    }
    boolean isAbove = false;
    for (int c = 0; c < WIDTH; c++) {
      double norm = Math.sqrt(columns[c]);
      isAbove |= norm > bound;
      chains[c] = norm > bound ? (float) (bound / norm) : 1f;
    }
    for (int c = 0; isAbove && c < WIDTH; c += LANES) {
      scale(a, offset + c, offset + rows * WIDTH, load(chains, c));
    }
  }

  private static void scale(float[] a, int from, int to, FloatVector factors) {
    for (int i = from; i < to; i += WIDTH) {
      load(a, i).mul(factors).intoArray(a, i);
    }
  }

  @Override
  public void countBetween(
      float[] a, int offset, int rows, float low, float high, int[] counts, int at, int columns) {
    for (int c = 0; c < columns; c += LANES) {
      countLanes(a, offset + c, offset + rows * WIDTH, low, high, counts, at + c, columns - c);
    }
  }

  private static void countLanes(
      float[] a, int from, int to, float low, float high, int[] counts, int at, int columns) {
    // Counts as floats: a block has far fewer rows than 2^24.
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector one = FloatVector.broadcast(SPECIES, 1f);
    FloatVector sum = FloatVector.zero(SPECIES);
    for (int i = from; i < to; i += WIDTH) {
      FloatVector v = load(a, i);
      VectorMask<Float> isBetween =
          v.compare(VectorOperators.GT, low).and(v.compare(VectorOperators.LT, high));
      sum = sum.add(zero.blend(one, isBetween));
    }
    float[] lanes = new float[LANES];
    sum.intoArray(lanes, 0);
    for (int lane = 0; lane < Math.min(LANES, columns); lane++) {
      counts[at + lane] += (int) lanes[lane];
    }
  }

  @Override
  public boolean flush(float[] a, int from, int to) {
    // x * 0 is NaN exactly for NaN and the infinities, and a sum that has met a NaN stays NaN.
    FloatVector zero = FloatVector.zero(SPECIES);
    FloatVector seen = FloatVector.zero(SPECIES);
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      FloatVector v = load(a, i);
      v = v.blend(zero, v.abs().compare(VectorOperators.LT, Float.MIN_NORMAL));
      v.intoArray(a, i);
      seen = v.fma(zero, seen);
    }
    boolean finite = !Float.isNaN(seen.reduceLanes(VectorOperators.ADD));
    for (; i < to; i++) {
      a[i] = Math.abs(a[i]) < Float.MIN_NORMAL ? 0f : a[i];
      finite &= Float.isFinite(a[i]);
    }
    return finite;
  }
}
