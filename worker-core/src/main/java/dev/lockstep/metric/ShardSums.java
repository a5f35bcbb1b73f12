package dev.lockstep.metric;

import java.io.Serializable;

/**
 * What is summed over the examples of one shard, in their order.
 *
 * @param shard its place among the shards
 * @param examples how many it holds
 * @param loss sum of losses, times their weights
 * @param weight sum of the weights
 * @param surprise sum of minus the logarithm of the probability of each example's class; NaN where
 *     outputs give no probabilities
 * @param errors of estimates of vectors; {@link VectorErrors#NONE} where targets are classes
 */
public record ShardSums(
    int shard, long examples, double loss, double weight, double surprise, VectorErrors errors)
    implements Serializable {
  /** What sums begin with. */
  static final ShardSums EMPTY = new ShardSums(0, 0, 0, 0, 0, VectorErrors.NONE);

  /** The sums of this shard and the next. */
  ShardSums plus(ShardSums next) {
    return new ShardSums(
        shard,
        examples + next.examples,
        loss + next.loss,
        weight + next.weight,
        surprise + next.surprise,
        errors.plus(next.errors));
  }
}
