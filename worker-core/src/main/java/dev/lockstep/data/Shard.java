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
 * @param labels class of each item
 */
public record Shard(int index, int features, byte[] pixels, int[] labels) implements Serializable {
  /** How many examples it holds. */
  public int items() {
    return labels.length;
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
