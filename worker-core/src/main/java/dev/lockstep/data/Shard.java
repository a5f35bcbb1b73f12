package dev.lockstep.data;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;

/**
 * One of the V fixed slices of a data set, held compactly: one byte a feature. Immutable by
 * convention: its arrays are never written after {@link #read}.
 *
 * @param index its place among the V shards
 * @param features I, bytes of an example
 * @param pixels {@code pixels[items, I]}
 * @param labels class of each item; of length 0 where targets are vectors
 * @param targets {@code targets[items, O]}; of length 0 where targets are classes
 * @param weights weight of each item's loss, 0 or more; of length 0 where all are 1
 */
public record Shard(
    int index, int features, byte[] pixels, int[] labels, float[] targets, float[] weights)
    implements Serializable {
  private static final float[] NONE = new float[0];

  /** Classes of equal weight. */
  public Shard(int index, int features, byte[] pixels, int[] labels) {
    this(index, features, pixels, labels, NONE, NONE);
  }

  /** How many examples it holds. */
  public int items() {
    return pixels.length / features;
  }

  /**
   * Cuts the shards [from, to) out of a source, which is read once.
   *
   * @param plan a plan for just as many examples as the source has
   * @param classes labels must be below this
   * @throws DataException if the source is not what it declares, or a label is out of range
   */
  public static List<Shard> read(
      ExampleSource source, BatchPlan plan, int from, int to, int classes) throws IOException {
    ShardCutter cutter = new ShardCutter(source, plan, from, to, classes);
    cutter.read(0, source.examples());
    return cutter.shards();
  }
}
