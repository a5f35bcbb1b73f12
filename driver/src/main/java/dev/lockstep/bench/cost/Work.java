package dev.lockstep.bench.cost;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.gradient.Node;
import dev.lockstep.kernel.Panels;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.Slice;
import dev.lockstep.spark.SparkShards;
import java.util.stream.IntStream;

/**
 * What a step has to do. All counts are those of the real code: canonical nodes, slices and ranges
 * of shards.
 *
 * @param layout of the P floats
 * @param batch B, examples
 * @param shards V
 * @param evenShares whether ranks own equal shares, as if slices could be cut anywhere; really they
 *     are whole panels
 */
public record Work(ParameterLayout layout, int batch, int shards, boolean evenShares) {
  /** With the slices that there are. */
  public Work(ParameterLayout layout, int batch, int shards) {
    this(layout, batch, shards, false);
  }

  /** With {@code shards = auto}. */
  public static Work of(ParameterLayout layout, int batch) {
    return new Work(layout, batch, BatchPlan.autoShards(batch));
  }

  /** The same work, if slices could be cut anywhere. */
  public Work withEvenShares() {
    return new Work(layout, batch, shards, true);
  }

  /** P: the floats of all slices, padding of panels included; what is summed, sent and updated. */
  public long floats() {
    return (long) layout.length() - Panels.START;
  }

  /** Examples of the rank that has the most of them. */
  public long examplesOfBusiest(int ranks) {
    BatchPlan plan = new BatchPlan(batch, batch, shards, 0, false);
    long most = 0;
    for (int rank = 0; rank < ranks; rank++) {
      long examples = 0;
      for (int shard = first(rank, ranks); shard < first(rank + 1, ranks); shard++) {
        examples += plan.visits(0, shard);
      }
      most = Math.max(most, examples);
    }
    return most;
  }

  /**
   * How many nodes part r of N gives: the fewest that cover its range of shards. 1 where N divides
   * V into powers of two, up to 2 log2 V - 2 otherwise.
   */
  public int nodes(int part, int parts) {
    return Node.cover(first(part, parts), first(part + 1, parts), shards).size();
  }

  /** Nodes of a rank, on average. */
  public double meanNodes(int ranks) {
    return IntStream.range(0, ranks).map(rank -> nodes(rank, ranks)).average().orElseThrow();
  }

  /** Nodes of the rank that has the most. */
  public int mostNodes(int ranks) {
    return IntStream.range(0, ranks).map(rank -> nodes(rank, ranks)).max().orElseThrow();
  }

  /** Floats that rank r of N owns. */
  public long owned(int rank, int ranks) {
    if (evenShares) {
      return floats() * (rank + 1) / ranks - floats() * rank / ranks;
    }
    return layout.slicesOf(rank, ranks).stream().mapToLong(Slice::length).sum();
  }

  private int first(int part, int parts) {
    return SparkShards.firstShard(part, parts, shards);
  }
}
