package dev.lockstep.data;

import java.io.Serializable;
import java.util.Arrays;
import java.util.Objects;

/**
 * A shard in arrays.
 *
 * @param index its place among the V shards
 * @param features I, bytes of an example
 * @param pixels {@code pixels[items, I]}
 * @param labels class of each item; of length 0 where targets are vectors
 * @param targets {@code targets[items, O]}; of length 0 where targets are classes
 * @param weights weight of each item's loss, 0 or more; of length 0 where all are 1
 */
public record HeapShard(
    int index, int features, byte[] pixels, int[] labels, float[] targets, float[] weights)
    implements Shard, Serializable {
  private static final int CACHE_LINE = 64;
  private static final float[] NONE = new float[0];

  /** Classes of equal weight. */
  public HeapShard(int index, int features, byte[] pixels, int[] labels) {
    this(index, features, pixels, labels, NONE, NONE);
  }

  @Override
  public int items() {
    return pixels.length / features;
  }

  @Override
  public byte[] bytes(int item, byte[] scratch) {
    return pixels;
  }

  @Override
  public int offset(int item) {
    return item * features;
  }

  @Override
  public int touch(int item) {
    int sum = 0;
    int end = (item + 1) * features;
    for (int i = item * features; i < end; i += CACHE_LINE) {
      sum += pixels[i];
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
        && features == that.features
        && Arrays.equals(pixels, that.pixels)
        && Arrays.equals(labels, that.labels)
        && Arrays.equals(targets, that.targets)
        && Arrays.equals(weights, that.weights);
  }

  @Override
  public int hashCode() {
    return Objects.hash(index, features, Arrays.hashCode(pixels), Arrays.hashCode(labels));
  }

  @Override
  public String toString() {
    return "shard %d of %d items".formatted(index, items());
  }
}
