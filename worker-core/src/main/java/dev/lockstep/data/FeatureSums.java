package dev.lockstep.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;

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
public record FeatureSums(long count, long[] sums, long[] squares) implements Serializable {
  public FeatureSums {
    if (count < 0 || sums.length != squares.length) {
      throw new IllegalArgumentException(
          "sums of %d examples, %d features and %d squares: want 0 examples or more, and as many features as squares"
              .formatted(count, sums.length, squares.length));
    }
  }

  /**
   * The sums over the examples of a shard.
   *
   * @throws IllegalArgumentException if its features are not bytes
   */
  public static FeatureSums of(Shard shard) {
    if (shard.format().element() != ExampleFormat.Element.BYTE) {
      throw new IllegalArgumentException("sums of %s: want bytes".formatted(shard.format()));
    }
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
    return new FeatureSums(shard.items(), sums, squares);
  }

  /** The sums over all examples of some shards, at least one. */
  public static FeatureSums of(List<Shard> shards) {
    return shards.stream().map(FeatureSums::of).reduce(FeatureSums::plus).orElseThrow();
  }

  /** The sums over the examples of both. */
  public FeatureSums plus(FeatureSums other) {
    if (other.features() != features()) {
      throw new IllegalArgumentException(
          "examples of %d features cannot be added to those of %d"
              .formatted(other.features(), features()));
    }
    return new FeatureSums(
        count + other.count, plus(sums, other.sums), plus(squares, other.squares));
  }

  private static long[] plus(long[] a, long[] b) {
    long[] sum = new long[a.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }

  /** I, how many features an example has. */
  public int features() {
    return sums.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FeatureSums that
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
