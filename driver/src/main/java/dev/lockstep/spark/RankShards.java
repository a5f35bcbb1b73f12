package dev.lockstep.spark;

import dev.lockstep.data.Shard;
import dev.lockstep.engine.Training;
import dev.lockstep.gradient.ShardGradients;
import dev.lockstep.kernel.Kernels;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * The shards of one rank: the single element of its partition.
 *
 * <p>Spark hands a cached element to every job as the same object, so the scratch of past jobs is
 * kept with it and goes when it goes.
 */
public final class RankShards implements Serializable {
  private static final long serialVersionUID = 1;

  private final int rank;
  private final List<Shard> shards;
  private transient volatile ConcurrentLinkedDeque<ShardGradients> idle;

  RankShards(int rank, List<Shard> shards) {
    this.rank = rank;
    this.shards = shards;
  }

  int rank() {
    return rank;
  }

  List<Shard> shards() {
    return shards;
  }

  /** Scratch for one task, until {@link #giveBack}: two attempts never share one. */
  ShardGradients borrow(Training training, Kernels kernels) {
    ShardGradients gradients = idle().poll();
    return gradients != null
        ? gradients
        : new ShardGradients(
            training.network(),
            training.loss(),
            training.plan(),
            shards,
            training.accumulate(),
            training.noise(),
            kernels);
  }

  void giveBack(ShardGradients gradients) {
    idle().push(gradients);
  }

  private synchronized ConcurrentLinkedDeque<ShardGradients> idle() {
    if (idle == null) {
      idle = new ConcurrentLinkedDeque<>();
    }
    return idle;
  }
}
