package dev.lockstep.data;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Sums over examples of features that are floats, and of their squares, as whole numbers of 32 bits
 * a limb: a finite float is a whole number of 2⁻¹⁴⁹, below 2²⁷⁷ of them, and its square one of
 * 2⁻²⁹⁸. (Kulisch, "Computer Arithmetic and Validity", 2008, chapter 8, has such accumulators in
 * hardware.)
 *
 * <p>A limb is a long, which holds what 2³⁰ examples add to it; then what is above 32 bits is
 * carried to the next. After that all limbs but the last are from 0 to 2³² − 1, so that equal sums
 * have equal limbs. The last has the sign, and room for 2⁶⁰ examples.
 *
 * @param count n, how many examples were summed, 0 or more
 * @param sums {@code sums[I,9]}, the lowest limb first
 * @param squares {@code squares[I,18]}
 */
public record FloatSums(long count, long[] sums, long[] squares) implements FeatureSums {
  private static final int LIMB_BITS = 32;
  private static final long LIMB = (1L << LIMB_BITS) - 1;
  private static final int SUM_LIMBS = 9;
  private static final int SQUARE_LIMBS = 18;
  private static final int CARRY_EVERY = 1 << 30;
  private static final int FRACTION_BITS = 23;
  private static final int FRACTION = (1 << FRACTION_BITS) - 1;

  /** Of what a sum counts, in one. */
  private static final double UNITS = 0x1p149;

  public FloatSums {
    if (count < 0 || squares.length != 2 * sums.length || sums.length % SUM_LIMBS != 0) {
      throw new IllegalArgumentException(
          "sums of %d examples, %d limbs and %d of squares: want 0 examples or more, and %d and %d limbs a feature"
              .formatted(count, sums.length, squares.length, SUM_LIMBS, SQUARE_LIMBS));
    }
  }

  /** The sums over the examples of a shard, whose features are finite floats. */
  static FloatSums of(Shard shard) {
    ExampleFormat format = shard.format();
    int features = format.features();
    byte[] scratch = new byte[format.bytes()];
    long[] sums = new long[features * SUM_LIMBS];
    long[] squares = new long[features * SQUARE_LIMBS];
    for (int row = 0; row < shard.items(); row++) {
      byte[] bytes = shard.bytes(row, scratch);
      int at = shard.offset(row);
      for (int f = 0; f < features; f++) {
        add(format.feature(bytes, at, f), f, sums, squares);
      }
      if (row % CARRY_EVERY == CARRY_EVERY - 1) {
        carry(sums, SUM_LIMBS);
        carry(squares, SQUARE_LIMBS);
      }
    }
    return carried(shard.items(), sums, squares);
  }

  private static FloatSums carried(long count, long[] sums, long[] squares) {
    carry(sums, SUM_LIMBS);
    carry(squares, SQUARE_LIMBS);
    return new FloatSums(count, sums, squares);
  }

  /** x is m 2^(e − 149), with m below 2²⁴ and e from 0 to 253. */
  private static void add(float x, int feature, long[] sums, long[] squares) {
    int bits = Float.floatToRawIntBits(x);
    int exponent = (bits & Integer.MAX_VALUE) >>> FRACTION_BITS;
    int m = (bits & FRACTION) + (exponent == 0 ? 0 : 1 << FRACTION_BITS);
    int e = Math.max(0, exponent - 1);

    int at = feature * SUM_LIMBS + e / LIMB_BITS;
    long placed = (long) m << (e % LIMB_BITS);
    int sign = bits < 0 ? -1 : 1;
    sums[at] += sign * (placed & LIMB);
    sums[at + 1] += sign * (placed >>> LIMB_BITS);

    int atSquare = feature * SQUARE_LIMBS + 2 * e / LIMB_BITS;
    int shift = 2 * e % LIMB_BITS;
    long square = (long) m * m;
    long low = (square & LIMB) << shift;
    long high = (square >>> LIMB_BITS) << shift;
    squares[atSquare] += low & LIMB;
    squares[atSquare + 1] += (low >>> LIMB_BITS) + (high & LIMB);
    squares[atSquare + 2] += high >>> LIMB_BITS;
  }

  private static void carry(long[] all, int limbs) {
    for (int first = 0; first < all.length; first += limbs) {
      for (int l = first; l < first + limbs - 1; l++) {
        all[l + 1] += all[l] >> LIMB_BITS;
        all[l] &= LIMB;
      }
    }
  }

  @Override
  public int features() {
    return sums.length / SUM_LIMBS;
  }

  @Override
  public FloatSums plus(FeatureSums others) {
    checkLike(others);
    FloatSums other = (FloatSums) others;
    long[] sum = sums.clone();
    Arrays.setAll(sum, l -> sum[l] + other.sums[l]);
    long[] square = squares.clone();
    Arrays.setAll(square, l -> square[l] + other.squares[l]);
    return carried(count + other.count, sum, square);
  }

  private static BigInteger whole(long[] all, int feature, int limbs) {
    BigInteger sum = BigInteger.ZERO;
    for (int l = limbs - 1; l >= 0; l--) {
      sum = sum.shiftLeft(LIMB_BITS).add(BigInteger.valueOf(all[feature * limbs + l]));
    }
    return sum;
  }

  @Override
  public double mean(int feature) {
    return whole(sums, feature, SUM_LIMBS).doubleValue() / UNITS / count;
  }

  /** n / √(n Q − S²), for S and Q in whole units. */
  @Override
  public double inverseDeviation(int feature) {
    BigInteger sum = whole(sums, feature, SUM_LIMBS);
    BigInteger square = whole(squares, feature, SQUARE_LIMBS);
    BigInteger spread = BigInteger.valueOf(count).multiply(square).subtract(sum.multiply(sum));
    return count / (Math.sqrt(spread.doubleValue()) / UNITS);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FloatSums that
        && count == that.count
        && Arrays.equals(sums, that.sums)
        && Arrays.equals(squares, that.squares);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(count) + 31 * Arrays.hashCode(sums) + 961 * Arrays.hashCode(squares);
  }

  @Override
  public String toString() {
    return "sums over %d examples of %d features that are floats".formatted(count, features());
  }
}
