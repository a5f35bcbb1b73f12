package dev.lockstep.spark;

import dev.lockstep.data.FeatureSums;

/**
 * The sums of a data set's features as one Spark job; whole numbers, so no partitioning matters.
 */
public final class SparkFeatureSums {
  private SparkFeatureSums() {}

  /**
   * Sums each rank's shards where they lie, and the ranks' sums as they come.
   *
   * @throws ClusterException if the job fails
   */
  public static FeatureSums of(SparkShards shards) {
    try {
      return shards
          .partitions()
          .map(rank -> FeatureSums.of(rank.shards()))
          .reduce(FeatureSums::plus);
    } catch (Exception e) { // Scala throws SparkException without declaring it.
      throw Failures.of("the sums of features failed", e);
    }
  }
}
