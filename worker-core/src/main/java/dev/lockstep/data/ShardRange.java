package dev.lockstep.data;

import java.io.Serializable;
import java.util.stream.IntStream;

/**
 * Some consecutive shards of a data set.
 *
 * @param name of the data set, for messages
 * @param format how an example lies in bytes
 * @param plan how the whole is cut
 * @param from the first shard
 * @param to the end, which is none of them
 */
public record ShardRange(String name, ExampleFormat format, BatchPlan plan, int from, int to)
    implements Serializable {
  public ShardRange {
    if (from < 0 || from > to || to > plan.shards()) {
      throw new IllegalArgumentException(
          "shards %d to %d: want a range within 0 to %d".formatted(from, to, plan.shards()));
    }
  }

  /** How many examples they have together. */
  public long examples() {
    return IntStream.range(from, to).mapToLong(plan::itemsOf).sum();
  }

  /** What they take in memory, in bytes: their examples and labels. */
  public long bytes() {
    return examples() * MappedRecords.bytes(format);
  }

  /** Whether an example belongs to them, by its position in the order {@code q}. */
  boolean has(long position) {
    int shard = (int) (position % plan.shards());
    return shard >= from && shard < to;
  }

  /** Checks that so many examples are all. */
  void checkComplete(long found) {
    if (found != examples()) {
      throw new IllegalStateException(
          "%s: %d examples came to shards %d to %d, which have %d"
              .formatted(name, found, from, to, examples()));
    }
  }
}
