package dev.lockstep.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;

/**
 * A shard in arrays.
 *
 * @param index its place among the V shards
 * @param format how each item lies in bytes
 * @param bytes of all items, one after the other
 * @param labels class of each item; of length 0 where targets are vectors
 */
public record HeapShard(int index, ExampleFormat format, byte[] bytes, int[] labels)
    implements Shard, Serializable {
  private static final int CACHE_LINE = 64;

  /** Bytes of a class each, of equal weight. */
  public HeapShard(int index, int features, byte[] bytes, int[] labels) {
    this(index, ExampleFormat.bytes(features), bytes, labels);
  }

  @Override
  public int items() {
    return bytes.length / format.bytes();
  }

  @Override
  public byte[] bytes(int item, byte[] scratch) {
    return bytes;
  }

  @Override
  public int offset(int item) {
    return item * format.bytes();
  }

  @Override
  public int touch(int item) {
    int sum = 0;
    int end = offset(item + 1);
    for (int i = offset(item); i < end; i += CACHE_LINE) {
      sum += bytes[i];
    }
    return sum;
  }

  @Override
  public int label(int item) {
    return labels[item];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof HeapShard that
        && index == that.index
        && format.equals(that.format)
        && Arrays.equals(bytes, that.bytes)
        && Arrays.equals(labels, that.labels);
  }

  @Override
  public int hashCode() {
    return Objects.hash(index, format, Arrays.hashCode(bytes), Arrays.hashCode(labels));
  }

  @Override
  public String toString() {
    return "shard %d of %d items".formatted(index, items());
  }
}
