package dev.lockstep.bench.cost;

import java.util.stream.IntStream;

/** Who gives how many nodes of the canonical tree, and who owns how many floats. */
final class Shares {
  private final Cluster cluster;
  private final long floats;
  private final int[] nodes;
  private final long allNodes;
  private final int[] rankNodes;
  private final long[] owned;
  private final long[] largestOwnedByRank;
  private final long[] hostNodes;
  private final long[] hostOwned;
  private final int[] hostSizes;

  Shares(Work work, Cluster cluster) {
    this.cluster = cluster;
    this.floats = work.floats();
    int executors = cluster.executors();
    nodes = IntStream.range(0, executors).map(e -> work.nodes(e, executors)).toArray();
    allNodes = IntStream.of(nodes).asLongStream().sum();
    rankNodes = new int[executors];
    owned = new long[executors];
    largestOwnedByRank = new long[executors];
    for (int rank = 0; rank < cluster.totalRanks(); rank++) {
      int e = rank / cluster.ranks();
      long own = work.owned(rank, cluster.totalRanks());
      rankNodes[e] += work.nodes(rank, cluster.totalRanks());
      owned[e] += own;
      largestOwnedByRank[e] = Math.max(largestOwnedByRank[e], own);
    }
    hostNodes = new long[cluster.hosts()];
    hostOwned = new long[cluster.hosts()];
    hostSizes = new int[cluster.hosts()];
    for (int e = 0; e < executors; e++) {
      hostNodes[cluster.host(e)] += nodes[e];
      hostOwned[cluster.host(e)] += owned[e];
      hostSizes[cluster.host(e)]++;
    }
  }

  int executors() {
    return cluster.executors();
  }

  int ranks() {
    return cluster.ranks();
  }

  int hosts() {
    return cluster.hosts();
  }

  int host(int executor) {
    return cluster.host(executor);
  }

  long floats() {
    return floats;
  }

  /** Nodes of all executors together. */
  long nodes() {
    return allNodes;
  }

  /** Nodes of an executor, once its ranks have merged theirs. */
  long nodes(int executor) {
    return nodes[executor];
  }

  /** Nodes of an executor's ranks, before they merge. */
  long rankNodes(int executor) {
    return rankNodes[executor];
  }

  long maxRankNodes() {
    return IntStream.of(rankNodes).max().orElseThrow();
  }

  long owned(int executor) {
    return owned[executor];
  }

  long largestOwnedByRank(int executor) {
    return largestOwnedByRank[executor];
  }

  long hostNodes(int host) {
    return hostNodes[host];
  }

  long hostOwned(int host) {
    return hostOwned[host];
  }

  /** Executors of a host. */
  int size(int host) {
    return hostSizes[host];
  }
}
