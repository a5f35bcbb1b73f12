package dev.lockstep.data;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Sums over examples of the bytes of each feature, and of their squares. They are whole numbers and
 * exact, so it does not matter how examples were grouped or in which order groups were added.
 *
 * <p>Exact for up to 10¹⁴ examples: a square is at most 255² = 65025, and long holds 1.4·10¹⁴ of
 * them.
 *
 * @param count n, how many examples were summed, 0 or more
 * @param sums {@code sums[I]}, of bytes as 0 to 255
 * @param squares {@code squares[I]}, of the squares of bytes
 */
public record ByteSums(long count, long[] sums, long[] squares) implements FeatureSums {
  private static final double FULL = 255;

  public ByteSums {
    if (count < 0 || sums.length != squares.length) {
      throw new IllegalArgumentException(
          "sums of %d examples, %d features and %d squares: want 0 examples or more, and as many features as squares"
              .formatted(count, sums.length, squares.length));
    }
  }

  /** The sums over the examples of a shard, whose features are bytes. */
  static ByteSums of(Shard shard) {
    int features = shard.features();
    byte[] scratch = new byte[shard.format().bytes()];
    long[] sums = new long[features];
    long[] squares = new long[features];
    for (int row = 0; row < shard.items(); row++) {
      byte[] pixels = shard.bytes(row, scratch);
      int at = shard.offset(row);
      for (int f = 0; f < features; f++) {
        long value = Byte.toUnsignedLong(pixels[at + f]);
        sums[f] += value;
        squares[f] += value * value;
      }
    }
    return new ByteSums(shard.items(), sums, squares);
  }

  @Override
  public ByteSums plus(FeatureSums others) {
    checkLike(others);
    ByteSums other = (ByteSums) others;
    return new ByteSums(count + other.count, plus(sums, other.sums), plus(squares, other.squares));
  }

  private static long[] plus(long[] a, long[] b) {
    long[] sum = new long[a.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }

  /** S / (255 n). */
  @Override
  public double mean(int feature) {
    return sums[feature] / (FULL * count);
  }

  /** 255 n / √(n Q − S²). */
  @Override
  public double inverseDeviation(int feature) {
    BigInteger n = BigInteger.valueOf(count);
    BigInteger sum = BigInteger.valueOf(sums[feature]);
    BigInteger squared = BigInteger.valueOf(squares[feature]);
    BigInteger spread = n.multiply(squared).subtract(sum.multiply(sum));
    return FULL * count / Math.sqrt(spread.doubleValue());
  }

  @Override
  public int features() {
    return sums.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ByteSums that
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
    return "sums over %d examples of %d features".formatted(count, features());
  }
}
