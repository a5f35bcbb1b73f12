package dev.lockstep.data;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.function.IntFunction;

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
    if (source.examples() != plan.examples()) {
      throw new IllegalArgumentException(
          "%s has %d examples, but the plan is for %d"
              .formatted(source.name(), source.examples(), plan.examples()));
    }
    if (from < 0 || from > to || to > plan.shards()) {
      throw new IllegalArgumentException(
          "shards %d to %d: want a range within 0 to %d".formatted(from, to, plan.shards()));
    }
    int features = source.features();
    Shard[] shards = new Shard[to - from];
    for (int s = from; s < to; s++) {
      int items = plan.itemsOf(s);
      if ((long) items * features > Integer.MAX_VALUE - 8) {
        throw new DataException(
            "%s: shard %d would take %d bytes, more than one array can hold; use more shards than %d"
                .formatted(source.name(), s, (long) items * features, plan.shards()));
      }
      shards[s - from] = new Shard(s, features, new byte[items * features], new int[items]);
    }
    var order = plan.dataOrder();
    IntFunction<Shard> at = s -> s < from || s >= to ? null : shards[s - from];
    source.read(
        example -> at.apply((int) (order.inverse(example) % plan.shards())) != null,
        (example, pixels, offset, label) -> {
          if (label < 0 || label >= classes) {
            throw new DataException(
                "%s: example %d has label %d, but the network has %d outputs, for labels 0 to %d"
                    .formatted(source.name(), example, label, classes, classes - 1));
          }
          long position = order.inverse(example);
          Shard shard = at.apply((int) (position % plan.shards()));
          int item = (int) (position / plan.shards());
          System.arraycopy(pixels, offset, shard.pixels, item * features, features);
          shard.labels[item] = label;
        });
    return List.of(shards);
  }
}
