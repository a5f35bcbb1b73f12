package dev.lockstep.data;

import dev.lockstep.random.Permutation;
import dev.lockstep.random.Purpose;
import java.io.Serializable;

/**
 * Which example is where, and which examples make a step: pure arithmetic of the run's settings.
 *
 * <p>A glossary of its indices:
 *
 * <ul>
 *   <li><b>example</b>: the place of an example in the data set, [0, n);
 *   <li><b>position</b>: its place in the order {@code q}, a permutation keyed by the seed;
 *       position p is item {@code p div V} of shard {@code p mod V};
 *   <li><b>item</b>: its place in its shard;
 *   <li><b>visit</b>: the turn at which an epoch comes to it. In each epoch a shard visits its
 *       items in an order keyed by (seed, epoch, shard);
 *   <li><b>batch</b> t of an epoch covers the places [t·B, min((t+1)·B, n)) of the sequence in
 *       which the shards take turns: place p is visit {@code p div V} of shard {@code p mod V}.
 * </ul>
 *
 * <p>So short batches, remainders and shards without an example in a step need no rule of their
 * own, and nothing depends on partitions, tasks or arrival.
 *
 * @param examples n, at least 1
 * @param batchSize B, at least 1
 * @param shards V, 1 to {@value #MAX_SHARDS}
 * @param seed the run's seed
 * @param shuffled false for file order: both orders are then the identity
 */
public record BatchPlan(long examples, int batchSize, int shards, long seed, boolean shuffled)
    implements Serializable {
  /** The most shards a run may have. */
  public static final int MAX_SHARDS = 1 << 16;

  private static final int MIN_AUTO_MICRO_BATCH = 16;
  private static final int MAX_AUTO_SHARDS = 1024;

  public BatchPlan {
    check("examples", examples, Long.MAX_VALUE);
    check("batch-size", batchSize, Integer.MAX_VALUE);
    check("shards", shards, MAX_SHARDS);
  }

  private static void check(String name, long value, long bound) {
    if (value < 1 || value > bound) {
      throw new IllegalArgumentException("%s %d: want 1 to %d".formatted(name, value, bound));
    }
  }

  /** {@code shards = auto}: the largest power of two ≤ B/16, within [1, 1024]. */
  public static int autoShards(int batchSize) {
    int bound = Math.max(1, batchSize / MIN_AUTO_MICRO_BATCH);
    return Math.min(MAX_AUTO_SHARDS, Integer.highestOneBit(bound));
  }

  /** Steps of an epoch; the last may be short. */
  public long stepsPerEpoch() {
    return (examples - 1) / batchSize + 1;
  }

  /** The epoch (from 0) of a step (from 0). */
  public long epochOf(long step) {
    return step / stepsPerEpoch();
  }

  /** Whether a step (from 0) begins an epoch. */
  public boolean isFirstOfEpoch(long step) {
    return step % stepsPerEpoch() == 0;
  }

  /** Whether a step (from 0) ends an epoch. */
  public boolean isLastOfEpoch(long step) {
    return isFirstOfEpoch(step + 1);
  }

  /** Examples in a step (from 0). */
  public int examplesOf(long step) {
    long start = step % stepsPerEpoch() * batchSize;
    return (int) Math.min(batchSize, examples - start);
  }

  /** Items of a shard; may be 0. */
  public int itemsOf(int shard) {
    long items = visitsBefore(examples, shard);
    if (items > Integer.MAX_VALUE) {
      throw new IllegalArgumentException(
          "shard %d would hold %d examples; use more shards than %d"
              .formatted(shard, items, shards));
    }
    return (int) items;
  }

  /** First visit of a shard in a step (from 0); its micro-batch ends where the next one begins. */
  public int firstVisit(long step, int shard) {
    return (int) visitsBefore(step % stepsPerEpoch() * batchSize, shard);
  }

  /** Examples that a shard gives to a step (from 0); may be 0. */
  public int visits(long step, int shard) {
    long start = step % stepsPerEpoch() * batchSize;
    return (int) visitsBefore(start + examplesOf(step), shard) - firstVisit(step, shard);
  }

  /** How many of the first {@code places} places are visits of this shard. */
  private long visitsBefore(long places, int shard) {
    return places <= shard ? 0 : (places - shard - 1) / shards + 1;
  }

  /** The order q: example of a position. */
  public Permutation dataOrder() {
    return shuffled
        ? Permutation.of(examples, seed, Purpose.DATA_ORDER, 0, 0)
        : Permutation.identity(examples);
  }

  /** The order of an epoch (from 0): item of a visit. */
  public Permutation visitOrder(long epoch, int shard) {
    return shuffled
        ? Permutation.of(itemsOf(shard), seed, Purpose.EPOCH_ORDER, (int) epoch, shard)
        : Permutation.identity(itemsOf(shard));
  }
}
