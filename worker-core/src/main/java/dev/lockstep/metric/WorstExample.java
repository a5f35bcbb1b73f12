package dev.lockstep.metric;

import dev.lockstep.data.BatchPlan;
import java.io.Serializable;
import java.util.Comparator;

/**
 * An example on which outputs did badly.
 *
 * @param shard the shard that holds it
 * @param item its place there
 * @param label its class
 * @param predicted the class that it was taken for
 * @param loss what it adds to the loss, before its weight
 * @param pixels its features; empty unless they are bytes, at most {@value #MOST_PIXELS}
 */
public record WorstExample(int shard, int item, int label, int predicted, float loss, byte[] pixels)
    implements Serializable {
  /** Larger examples are named, but not carried about. */
  public static final int MOST_PIXELS = 1 << 14;

  /**
   * The larger loss first, and no number before all; of equals the one that comes first in a data
   * set which is cut in its own order. No two are equal, so the first K of any parts are the same.
   */
  static final Comparator<WorstExample> ORDER =
      Comparator.comparingDouble(WorstExample::loss)
          .reversed()
          .thenComparingInt(WorstExample::item)
          .thenComparingInt(WorstExample::shard);

  /**
   * Its place in the data set.
   *
   * @param plan by which the set was cut
   */
  public long index(BatchPlan plan) {
    return plan.dataOrder().apply((long) item * plan.shards() + shard);
  }
}
