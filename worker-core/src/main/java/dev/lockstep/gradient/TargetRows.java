package dev.lockstep.gradient;

import dev.lockstep.data.Shard;
import dev.lockstep.kernel.Panels;
import dev.lockstep.loss.Targets;

/** The way of targets and weights from shards into blocks of rows. */
public final class TargetRows {
  private TargetRows() {}

  /** Room for the targets of so many rows of items like those of a shard. */
  public static Targets allocate(Shard shard, int rows) {
    float[] weights = shard.weights().length > 0 ? new float[rows] : null;
    if (shard.targets().length > 0) {
      int outputs = shard.targets().length / shard.items();
      return new Targets(null, Panels.allocate(rows, outputs), weights);
    }
    return new Targets(new int[rows], null, weights);
  }

  /** Fills a row with those of an item. */
  public static void fill(Targets targets, int row, Shard shard, int item) {
    if (targets.classes() != null) {
      targets.classes()[row] = shard.label(item);
    } else {
      int outputs = targets.values().columns();
      for (int o = 0; o < outputs; o++) {
        targets.values().set(row, o, shard.targets()[item * outputs + o]);
      }
    }
    if (targets.weights() != null) {
      targets.weights()[row] = shard.weights()[item];
    }
  }
}
