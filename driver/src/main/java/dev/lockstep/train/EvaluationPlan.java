package dev.lockstep.train;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.ExampleSet;

/**
 * How a data set that is only evaluated is cut: like the training set, in the order of its files.
 */
final class EvaluationPlan {
  private EvaluationPlan() {}

  static BatchPlan of(ExampleSet set, BatchPlan training) {
    return new BatchPlan(set.examples(), 1, training.shards(), training.seed(), false);
  }
}
