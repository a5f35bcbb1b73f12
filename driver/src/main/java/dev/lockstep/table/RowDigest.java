package dev.lockstep.table;

import dev.lockstep.spark.ExampleRow;
import java.util.zip.CRC32C;

/**
 * What tells rows in an order from others: a polynomial over the checksums c of the rows,
 *
 * <pre>  sum over i of c_i r^(n-1-i)  modulo 2^61 - 1</pre>
 *
 * <p>so that the digest of rows that follow others comes of the two digests, and rows that are cut
 * otherwise have the same. (Karp and Rabin, "Efficient randomized pattern-matching algorithms",
 * 1987.) No protection against those who look for other rows with the same digest.
 *
 * @param rows n
 * @param value from 0 to below 2^61 - 1
 * @param power r^n
 */
record RowDigest(long rows, long value, long power) {
  private static final long PRIME = (1L << 61) - 1;
  private static final long R = 0x1234_5678_9abc_def1L % PRIME;

  /** Of no row. */
  static final RowDigest EMPTY = new RowDigest(0, 0, 1);

  /** With a row behind these. */
  RowDigest plus(ExampleRow row) {
    CRC32C checksum = new CRC32C();
    checksum.update(row.bytes(), 0, row.bytes().length);
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      checksum.update(row.label() >>> shift);
    }
    return plus(new RowDigest(1, 1 + checksum.getValue(), R));
  }

  /** With other rows behind these. */
  RowDigest plus(RowDigest next) {
    return new RowDigest(
        rows + next.rows,
        (times(value, next.power) + next.value) % PRIME,
        times(power, next.power));
  }

  /** Both are below 2^61, so their product has 122 bits: a 2^64 + b is a 8 + b modulo the prime. */
  private static long times(long a, long b) {
    long high = Math.multiplyHigh(a, b);
    long low = a * b;
    long folded = (low & PRIME) + ((high << 3) | (low >>> 61));
    return folded % PRIME;
  }

  @Override
  public String toString() {
    return "%d rows %015x".formatted(rows, value);
  }
}
