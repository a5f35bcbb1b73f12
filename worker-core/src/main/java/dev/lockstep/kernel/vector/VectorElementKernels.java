package dev.lockstep.kernel.vector;

import static dev.lockstep.kernel.FloatMath.EXPM1_MIN;
import static dev.lockstep.kernel.FloatMath.EXP_C0;
import static dev.lockstep.kernel.FloatMath.EXP_C1;
import static dev.lockstep.kernel.FloatMath.EXP_C2;
import static dev.lockstep.kernel.FloatMath.EXP_C3;
import static dev.lockstep.kernel.FloatMath.EXP_C4;
import static dev.lockstep.kernel.FloatMath.EXP_C5;
import static dev.lockstep.kernel.FloatMath.EXP_MAX;
import static dev.lockstep.kernel.FloatMath.EXP_MIN;
import static dev.lockstep.kernel.FloatMath.GELU_TANH_C0;
import static dev.lockstep.kernel.FloatMath.GELU_TANH_C1;
import static dev.lockstep.kernel.FloatMath.GELU_TANH_MAX;
import static dev.lockstep.kernel.FloatMath.LN2_HIGH;
import static dev.lockstep.kernel.FloatMath.LN2_LOW;
import static dev.lockstep.kernel.FloatMath.LOG1P_SPLIT;
import static dev.lockstep.kernel.FloatMath.LOG2_E;
import static dev.lockstep.kernel.FloatMath.LOG_C0;
import static dev.lockstep.kernel.FloatMath.LOG_C1;
import static dev.lockstep.kernel.FloatMath.LOG_C2;
import static dev.lockstep.kernel.FloatMath.LOG_C3;
import static dev.lockstep.kernel.FloatMath.LOG_C4;
import static dev.lockstep.kernel.FloatMath.LOG_C5;
import static dev.lockstep.kernel.FloatMath.LOG_C6;
import static dev.lockstep.kernel.FloatMath.LOG_C7;
import static dev.lockstep.kernel.FloatMath.LOG_C8;
import static dev.lockstep.kernel.FloatMath.NORMAL_C0;
import static dev.lockstep.kernel.FloatMath.NORMAL_C1;
import static dev.lockstep.kernel.FloatMath.NORMAL_C2;
import static dev.lockstep.kernel.FloatMath.NORMAL_C3;
import static dev.lockstep.kernel.FloatMath.NORMAL_C4;
import static dev.lockstep.kernel.FloatMath.NORMAL_C5;
import static dev.lockstep.kernel.FloatMath.NORMAL_C6;
import static dev.lockstep.kernel.FloatMath.NORMAL_C7;
import static dev.lockstep.kernel.FloatMath.NORMAL_C8;
import static dev.lockstep.kernel.FloatMath.NORMAL_DENSITY;
import static dev.lockstep.kernel.FloatMath.NORMAL_MAX;
import static dev.lockstep.kernel.FloatMath.NORMAL_T;
import static dev.lockstep.kernel.FloatMath.ONE_BITS;
import static dev.lockstep.kernel.FloatMath.ROUNDER;
import static dev.lockstep.kernel.FloatMath.SILU_MIN;
import static dev.lockstep.kernel.FloatMath.SOFTPLUS_MAX;
import static dev.lockstep.kernel.FloatMath.TANH_C0;
import static dev.lockstep.kernel.FloatMath.TANH_C1;
import static dev.lockstep.kernel.FloatMath.TANH_C2;
import static dev.lockstep.kernel.FloatMath.TANH_C3;
import static dev.lockstep.kernel.FloatMath.TANH_C4;
import static dev.lockstep.kernel.FloatMath.TANH_SPLIT;

import dev.lockstep.kernel.ElementKernels;
import dev.lockstep.kernel.FloatMath;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.random.Philox;
import dev.lockstep.random.Purpose;
import java.lang.invoke.MethodHandles;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.Vector;
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
  private static final Class<? extends Vector<Float>> VECTOR = SPECIES.vectorType();
  private static final int LANES = SPECIES.length();
  private static final VectorSpecies<Long> LONGS =
      VectorSpecies.of(long.class, SPECIES.vectorShape());
  private static final int LONG_LANES = LONGS.length();
  private static final LongVector LANE_NUMBERS = LongVector.zero(LONGS).addIndex(1);
  private static final VectorSpecies<Integer> HALF_INTS =
      VectorSpecies.of(
          int.class, VectorShape.forBitSize(SPECIES.vectorShape().vectorBitSize() / 2));
  private static final long LOW = 0xFFFFFFFFL;

  /** Blocks of {@link Philox} for a row of a panel. */
  private static final int BLOCKS = Panels.WIDTH / 4;

  /** Bytes for as many lanes; a vector of four bytes does not exist. */
  private static final boolean HAS_BYTES = LANES >= 8;

  private static final VectorSpecies<Byte> BYTES =
      VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, Byte.SIZE * LANES)));
  private static final int WIDTH = Panels.WIDTH;
  private static final int COLUMNS = 2 * LANES;

  /** Takes what is left over of rows. */
  private static final ElementKernels SCALAR = Kernels.SCALAR.elements();

  private static final FloatVector ZERO = FloatVector.zero(SPECIES);
  private static final FloatVector ONE = FloatVector.broadcast(SPECIES, 1f);

  // The polynomial of the normal tail as objects: with broadcasts in its place, gelu takes more
  // nodes
  // than the compiler inlines.
  private static final FloatVector TAIL_0 = FloatVector.broadcast(SPECIES, NORMAL_C0);
  private static final FloatVector TAIL_1 = FloatVector.broadcast(SPECIES, NORMAL_C1);
  private static final FloatVector TAIL_2 = FloatVector.broadcast(SPECIES, NORMAL_C2);
  private static final FloatVector TAIL_3 = FloatVector.broadcast(SPECIES, NORMAL_C3);
  private static final FloatVector TAIL_4 = FloatVector.broadcast(SPECIES, NORMAL_C4);
  private static final FloatVector TAIL_5 = FloatVector.broadcast(SPECIES, NORMAL_C5);
  private static final FloatVector TAIL_6 = FloatVector.broadcast(SPECIES, NORMAL_C6);
  private static final FloatVector TAIL_7 = FloatVector.broadcast(SPECIES, NORMAL_C7);
  private static final FloatVector TAIL_8 = FloatVector.broadcast(SPECIES, NORMAL_C8);

  VectorElementKernels() {}

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
      sigmoid(load(y, i)).intoArray(y, i);
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
  public void threshold(float[] y, int from, int to, float threshold) {
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      FloatVector x = load(y, i);
      FloatVector v = ZERO.blend(ONE, x.compare(VectorOperators.GT, threshold));
      v.blend(x, x.test(VectorOperators.IS_NAN)).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = Float.isNaN(y[i]) ? y[i] : y[i] > threshold ? 1f : 0f;
    }
  }

  @Override
  public void leakyRelu(float[] y, int from, int to, float slope) {
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      FloatVector x = load(y, i);
      x.mul(slope).blend(x, x.compare(VectorOperators.GT, 0f)).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = y[i] > 0f ? y[i] : slope * y[i];
    }
  }

  @Override
  public void leakyReluGradient(float[] y, int yo, float[] dy, int dyo, int count, float slope) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      FloatVector d = load(dy, dyo + i);
      d.mul(slope).blend(d, load(y, yo + i).compare(VectorOperators.GT, 0f)).intoArray(dy, dyo + i);
    }
    for (; i < count; i++) {
      dy[dyo + i] = y[yo + i] > 0f ? dy[dyo + i] : slope * dy[dyo + i];
    }
  }

  @Override
  public void elu(float[] y, int from, int to, float alpha, float scale) {
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      FloatVector x = load(y, i);
      VectorMask<Float> positive = x.compare(VectorOperators.GT, 0f);
      expm1(x).mul(alpha).blend(x.mul(scale), positive).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = y[i] > 0f ? scale * y[i] : alpha * FloatMath.expm1(y[i]);
    }
  }

  @Override
  public void eluGradient(
      float[] y, int yo, float[] dy, int dyo, int count, float alpha, float scale) {
    FloatVector scales = FloatVector.broadcast(SPECIES, scale);
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      FloatVector v = load(y, yo + i);
      FloatVector slope = v.add(alpha).blend(scales, v.compare(VectorOperators.GT, 0f));
      load(dy, dyo + i).mul(slope).intoArray(dy, dyo + i);
    }
    for (; i < count; i++) {
      dy[dyo + i] = dy[dyo + i] * (y[yo + i] > 0f ? scale : y[yo + i] + alpha);
    }
  }

  @Override
  public void softplus(float[] y, int from, int to) {
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      softplus(load(y, i)).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = FloatMath.softplus(y[i]);
    }
  }

  @Override
  public void softplusGradient(float[] y, int yo, float[] dy, int dyo, int count) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      FloatVector slope = expm1(load(y, yo + i).neg()).neg();
      load(dy, dyo + i).mul(slope).intoArray(dy, dyo + i);
    }
    for (; i < count; i++) {
      dy[dyo + i] = dy[dyo + i] * -FloatMath.expm1(-y[yo + i]);
    }
  }

  @Override
  public void gelu(float[] y, int from, int to) {
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      gelu(load(y, i)).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = FloatMath.gelu(y[i]);
    }
  }

  @Override
  public void geluGradient(float[] x, int xo, float[] dy, int dyo, int count) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      load(dy, dyo + i).mul(geluSlope(load(x, xo + i))).intoArray(dy, dyo + i);
    }
    for (; i < count; i++) {
      dy[dyo + i] = dy[dyo + i] * FloatMath.geluSlope(x[xo + i]);
    }
  }

  @Override
  public void geluTanh(float[] y, int from, int to) {
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      geluTanh(load(y, i)).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = FloatMath.geluTanh(y[i]);
    }
  }

  @Override
  public void geluTanhGradient(float[] x, int xo, float[] dy, int dyo, int count) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      load(dy, dyo + i).mul(geluTanhSlope(load(x, xo + i))).intoArray(dy, dyo + i);
    }
    for (; i < count; i++) {
      dy[dyo + i] = dy[dyo + i] * FloatMath.geluTanhSlope(x[xo + i]);
    }
  }

  @Override
  public void silu(float[] y, int from, int to) {
    int i = from;
    for (; i + LANES <= to; i += LANES) {
      silu(load(y, i)).intoArray(y, i);
    }
    for (; i < to; i++) {
      y[i] = FloatMath.silu(y[i]);
    }
  }

  @Override
  public void siluGradient(float[] x, int xo, float[] dy, int dyo, int count) {
    int i = 0;
    for (; i + LANES <= count; i += LANES) {
      load(dy, dyo + i).mul(siluSlope(load(x, xo + i))).intoArray(dy, dyo + i);
    }
    for (; i < count; i++) {
      dy[dyo + i] = dy[dyo + i] * FloatMath.siluSlope(x[xo + i]);
    }
  }

  @Override
  public void prelu(float[] x, int xo, int rows, float[] slopes, int so, float[] y, int yo) {
    for (int c = 0; c < WIDTH; c += LANES) {
      preluLanes(x, xo + c, xo + rows * WIDTH, slopes, so + c, y, yo + c - (xo + c));
    }
  }

  private static void preluLanes(
      float[] x, int from, int to, float[] slopes, int so, float[] y, int shift) {
    FloatVector slope = load(slopes, so);
    for (int i = from; i < to; i += WIDTH) {
      FloatVector v = load(x, i);
      v.mul(slope).blend(v, v.compare(VectorOperators.GT, 0f)).intoArray(y, i + shift);
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
    for (int c = 0; c < WIDTH; c += LANES) {
      int to = xo + rows * WIDTH;
      preluGradientLanes(x, xo + c, to, slopes, so + c, dy, dyo - xo, products, po - xo);
    }
  }

  private static void preluGradientLanes(
      float[] x,
      int from,
      int to,
      float[] slopes,
      int so,
      float[] dy,
      int toDy,
      float[] products,
      int toProducts) {
    FloatVector slope = load(slopes, so);
    for (int i = from; i < to; i += WIDTH) {
      FloatVector v = load(x, i);
      FloatVector d = load(dy, i + toDy);
      d.mul(v.min(0f)).intoArray(products, i + toProducts);
      d.mul(slope).blend(d, v.compare(VectorOperators.GT, 0f)).intoArray(dy, i + toDy);
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
    int c = 0;
    for (; c + LANES <= columns; c += LANES) {
      largerLanes(x, xo + c, xo + rows * WIDTH, piece, y, yo - xo, winners, wo - xo);
    }
    if (c < columns) {
      SCALAR.larger(x, xo + c, rows, columns - c, piece, y, yo + c, winners, wo + c);
    }
  }

  private static void largerLanes(
      float[] x, int from, int to, float piece, float[] y, int toY, float[] winners, int toW) {
    FloatVector pieces = FloatVector.broadcast(SPECIES, piece);
    for (int i = from; i < to; i += WIDTH) {
      FloatVector v = load(x, i);
      FloatVector best = load(y, i + toY);
      VectorMask<Float> wins =
          v.compare(VectorOperators.GT, best).or(v.test(VectorOperators.IS_NAN));
      best.blend(v, wins).intoArray(y, i + toY);
      load(winners, i + toW).blend(pieces, wins).intoArray(winners, i + toW);
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
    int c = 0;
    for (; c + LANES <= columns; c += LANES) {
      routeLanes(dy, dyo + c, dyo + rows * WIDTH, piece, winners, wo - dyo, dx, xo - dyo);
    }
    if (c < columns) {
      SCALAR.route(dy, dyo + c, rows, columns - c, piece, winners, wo + c, dx, xo + c);
    }
  }

  private static void routeLanes(
      float[] dy, int from, int to, float piece, float[] winners, int toW, float[] dx, int toX) {
    FloatVector zero = FloatVector.zero(SPECIES);
    for (int i = from; i < to; i += WIDTH) {
      VectorMask<Float> won = load(winners, i + toW).compare(VectorOperators.EQ, piece);
      zero.blend(load(dy, i), won).intoArray(dx, i + toX);
    }
  }

  @Override
  public void randomWords(long seed, Purpose purpose, int a, int b, int c, int[] words) {
    for (int block = 0; block < BLOCKS; block += LONG_LANES) {
      philox(seed, a, b, c + block, purpose.code(), words, block);
    }
  }

  /** A block of {@link Philox} in each lane, its words as the low halves of longs. */
  private static void philox(long seed, int a, int b, int c, int d, int[] words, int at) {
    LongVector c0 = LongVector.broadcast(LONGS, a & LOW);
    LongVector c1 = LongVector.broadcast(LONGS, b & LOW);
    LongVector c2 = LongVector.broadcast(LONGS, c).add(LANE_NUMBERS).and(LOW);
    LongVector c3 = LongVector.broadcast(LONGS, d & LOW);
    long k0 = seed & LOW;
    long k1 = seed >>> 32;
    for (int round = 0; round < Philox.ROUNDS; round++) {
      LongVector product0 = c0.mul(Philox.MULTIPLIER_0 & LOW);
      LongVector product1 = c2.mul(Philox.MULTIPLIER_1 & LOW);
      c0 = product1.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, c1);
      c0 = c0.lanewise(VectorOperators.XOR, k0);
      c1 = product1.and(LOW);
      c2 = product0.lanewise(VectorOperators.LSHR, 32).lanewise(VectorOperators.XOR, c3);
      c2 = c2.lanewise(VectorOperators.XOR, k1);
      c3 = product0.and(LOW);
      k0 = (k0 + Philox.WEYL_0) & LOW;
      k1 = (k1 + Philox.WEYL_1) & LOW;
    }
    store(c0, words, at);
    store(c1, words, at + BLOCKS);
    store(c2, words, at + 2 * BLOCKS);
    store(c3, words, at + 3 * BLOCKS);
  }

  private static void store(LongVector lanes, int[] words, int at) {
    ((IntVector) lanes.convertShape(VectorOperators.L2I, HALF_INTS, 0)).intoArray(words, at);
  }

  @Override
  public void mask(int[] words, int limit, float kept, float[] mask, int to) {
    FloatVector keeps = FloatVector.broadcast(SPECIES, kept);
    for (int c = 0; c < WIDTH; c += LANES) {
      IntVector top = IntVector.fromArray(INTS, words, c).lanewise(VectorOperators.LSHR, 8);
      VectorMask<Float> isOut = top.compare(VectorOperators.LT, limit).cast(SPECIES);
      keeps.blend(0f, isOut).intoArray(mask, to + c);
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
    FloatVector p = expPolynomial(r);
    p = p.fma(r.mul(r), r).add(ONE);
    IntVector exponent = shifted.reinterpretAsInts().sub(rounder.reinterpretAsInts());
    IntVector half = exponent.lanewise(VectorOperators.ASHR, 1);
    return p.mul(powerOfTwo(half)).mul(powerOfTwo(exponent.sub(half)));
  }

  private static FloatVector expm1(FloatVector x) {
    FloatVector clamped = x.max(EXPM1_MIN);
    FloatVector rounder = FloatVector.broadcast(SPECIES, ROUNDER);
    FloatVector shifted = clamped.fma(FloatVector.broadcast(SPECIES, LOG2_E), rounder);
    FloatVector scale = powerOfTwo(shifted);
    return reducedExpm1(clamped, shifted.sub(rounder)).fma(scale, scale.sub(ONE));
  }

  private static FloatVector normalRangeExp(FloatVector x) {
    FloatVector rounder = FloatVector.broadcast(SPECIES, ROUNDER);
    FloatVector shifted = x.fma(FloatVector.broadcast(SPECIES, LOG2_E), rounder);
    FloatVector scale = powerOfTwo(shifted);
    return reducedExpm1(x, shifted.sub(rounder)).fma(scale, scale);
  }

  private static FloatVector reducedExpm1(FloatVector x, FloatVector n) {
    FloatVector r = n.fma(FloatVector.broadcast(SPECIES, -LN2_HIGH), x);
    r = n.fma(FloatVector.broadcast(SPECIES, -LN2_LOW), r);
    return expPolynomial(r).fma(r.mul(r), r);
  }

  private static FloatVector powerOfTwo(FloatVector shifted) {
    return shifted
        .reinterpretAsInts()
        .lanewise(VectorOperators.LSHL, 23)
        .add(IntVector.broadcast(INTS, ONE_BITS))
        .reinterpretAsFloats();
  }

  private static FloatVector expPolynomial(FloatVector r) {
    FloatVector p = FloatVector.broadcast(SPECIES, EXP_C5);
    p = step(p, r, EXP_C4);
    p = step(p, r, EXP_C3);
    p = step(p, r, EXP_C2);
    p = step(p, r, EXP_C1);
    return step(p, r, EXP_C0);
  }

  private static FloatVector softplus(FloatVector x) {
    FloatVector z = normalRangeExp(x.abs().min(SOFTPLUS_MAX).neg());
    VectorMask<Float> halved = z.compare(VectorOperators.GT, LOG1P_SPLIT);
    FloatVector e = ZERO.blend(ONE, halved);
    FloatVector f = z.blend(z.sub(ONE).mul(0.5f), halved);
    FloatVector ff = f.mul(f);
    FloatVector p = FloatVector.broadcast(SPECIES, LOG_C8);
    p = step(p, f, LOG_C7);
    p = step(p, f, LOG_C6);
    p = step(p, f, LOG_C5);
    p = step(p, f, LOG_C4);
    p = step(p, f, LOG_C3);
    p = step(p, f, LOG_C2);
    p = step(p, f, LOG_C1);
    p = step(p, f, LOG_C0);
    FloatVector y = p.mul(f).mul(ff);
    y = e.fma(FloatVector.broadcast(SPECIES, LN2_LOW), y);
    y = ff.fma(FloatVector.broadcast(SPECIES, -0.5f), y);
    y = e.fma(FloatVector.broadcast(SPECIES, LN2_HIGH), f.add(y));
    return x.max(0f).add(y);
  }

  private static FloatVector gelu(FloatVector x) {
    FloatVector a = x.abs().min(NORMAL_MAX);
    return a.neg().fma(normalTail(a, normalExp(a)), x.max(0f));
  }

  private static FloatVector geluSlope(FloatVector x) {
    FloatVector a = x.abs().min(NORMAL_MAX);
    FloatVector e = normalExp(a);
    FloatVector below = a.mul(-NORMAL_DENSITY).fma(e, normalTail(a, e));
    return ONE.sub(below).blend(below, x.compare(VectorOperators.LT, 0f));
  }

  private static FloatVector normalExp(FloatVector a) {
    FloatVector square = a.mul(a);
    FloatVector lost = a.fma(a, square.neg());
    FloatVector e = normalRangeExp(square.mul(-0.5f));
    return e.mul(-0.5f).fma(lost, e);
  }

  private static FloatVector normalTail(FloatVector a, FloatVector e) {
    FloatVector scaled = a.mul(NORMAL_T);
    FloatVector t = ONE.div(scaled.add(ONE));
    FloatVector u = scaled.mul(t);
    FloatVector p = TAIL_8;
    p = p.fma(u, TAIL_7);
    p = p.fma(u, TAIL_6);
    p = p.fma(u, TAIL_5);
    p = p.fma(u, TAIL_4);
    p = p.fma(u, TAIL_3);
    p = p.fma(u, TAIL_2);
    p = p.fma(u, TAIL_1);
    p = p.fma(u, TAIL_0);
    return p.mul(t).mul(e);
  }

  private static FloatVector geluTanh(FloatVector x) {
    FloatVector c = x.max(-GELU_TANH_MAX).min(GELU_TANH_MAX);
    FloatVector z = c.mul(c);
    FloatVector u = c.mul(step(z, FloatVector.broadcast(SPECIES, GELU_TANH_C1), GELU_TANH_C0));
    return x.max(-GELU_TANH_MAX).mul(sigmoid(u));
  }

  private static FloatVector geluTanhSlope(FloatVector x) {
    FloatVector c = x.max(-GELU_TANH_MAX).min(GELU_TANH_MAX);
    FloatVector z = c.mul(c);
    FloatVector u = c.mul(step(z, FloatVector.broadcast(SPECIES, GELU_TANH_C1), GELU_TANH_C0));
    FloatVector three = FloatVector.broadcast(SPECIES, 3f * GELU_TANH_C1);
    return sigmoidTimes(u, c.mul(step(z, three, GELU_TANH_C0)));
  }

  private static FloatVector silu(FloatVector x) {
    return x.max(SILU_MIN).mul(sigmoid(x));
  }

  private static FloatVector siluSlope(FloatVector x) {
    return sigmoidTimes(x, x.max(SILU_MIN).min(-SILU_MIN));
  }

  private static FloatVector sigmoidTimes(FloatVector u, FloatVector v) {
    FloatVector e = exp(u.abs().neg());
    FloatVector sum = e.add(ONE);
    VectorMask<Float> negative = u.compare(VectorOperators.LT, 0f);
    FloatVector s = ONE.blend(e, negative).div(sum);
    FloatVector rest = e.blend(ONE, negative).div(sum);
    return s.mul(v.fma(rest, ONE));
  }

  private static FloatVector sigmoid(FloatVector x) {
    FloatVector e = exp(x.abs().neg());
    VectorMask<Float> negative = x.compare(VectorOperators.LT, 0f);
    return ONE.blend(e, negative).div(e.add(ONE));
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
    store(s0, chains, c);
    store(s1, chains, c + LANES);
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
    store(sum, lanes, 0);
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
