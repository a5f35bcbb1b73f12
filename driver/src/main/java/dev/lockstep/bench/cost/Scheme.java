package dev.lockstep.bench.cost;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A way in which sums come together and parameters go out, such that the bits stay: sums meet only
 * as siblings of the canonical tree. (A ring adds in the order of the ring, and cannot.)
 *
 * <p>Ranks of an executor merge in memory first under every scheme. Counted are the floats; frames
 * have heads of some dozen bytes besides.
 */
public enum Scheme {
  /**
   * What the all-reduce engine does. Every executor sends the nodes of its ranks to the owner of
   * each slice, who merges and updates them; then every owner sends its slices to all.
   */
  DIRECT {
    @Override
    public boolean isPossible(Work work, Cluster cluster) {
      return cluster.totalRanks() <= work.shards();
    }

    @Override
    List<Phase> count(Work work, Cluster cluster) {
      Shares shares = new Shares(work, cluster);
      return List.of(sums(shares), parameters(shares));
    }

    private Phase sums(Shares shares) {
      long bytes = 0;
      long additions = 0;
      for (int e = 0; e < shares.executors(); e++) {
        long out = shares.nodes(e) * (shares.floats() - shares.owned(e));
        long in = (shares.nodes() - shares.nodes(e)) * shares.owned(e);
        bytes = Math.max(bytes, Math.max(out, in));
        additions = Math.max(additions, additions(shares, e));
      }
      long hostBytes = 0;
      for (int h = 0; h < shares.hosts(); h++) {
        long out = shares.hostNodes(h) * (shares.floats() - shares.hostOwned(h));
        long in = (shares.nodes() - shares.hostNodes(h)) * shares.hostOwned(h);
        hostBytes = Math.max(hostBytes, Math.max(out, in));
      }
      return new Phase(
          shares.executors() - 1, bytes * Float.BYTES, hostBytes * Float.BYTES, additions);
    }

    /**
     * Merging what goes to others, shared by the executor's ranks; then all nodes of own slices.
     */
    private long additions(Shares shares, int e) {
      long forOthers =
          (shares.rankNodes(e) - shares.nodes(e)) * (shares.floats() - shares.owned(e));
      long nodes = shares.nodes() - shares.nodes(e) + shares.rankNodes(e);
      return forOthers / shares.ranks() + (nodes - 1) * shares.largestOwnedByRank(e);
    }

    private Phase parameters(Shares shares) {
      long bytes = 0;
      for (int e = 0; e < shares.executors(); e++) {
        long out = (shares.executors() - 1) * shares.owned(e);
        long in = shares.floats() - shares.owned(e);
        bytes = Math.max(bytes, Math.max(out, in));
      }
      long hostBytes = 0;
      for (int h = 0; h < shares.hosts(); h++) {
        long out = (shares.executors() - shares.size(h)) * shares.hostOwned(h);
        long in = shares.size(h) * (shares.floats() - shares.hostOwned(h));
        hostBytes = Math.max(hostBytes, Math.max(out, in));
      }
      return new Phase(shares.executors() - 1, bytes * Float.BYTES, hostBytes * Float.BYTES, 0);
    }
  },

  /**
   * Recursive halving and doubling along the canonical tree. In round i, executors 2^i apart hold
   * siblings; each gives the other half of what it still has. After log2 E rounds each has the sum
   * of its slices, updates them, and the rounds run backwards with parameters.
   */
  HALVING {
    /** Every executor must hold one node, and those nodes must be a level of the tree. */
    @Override
    public boolean isPossible(Work work, Cluster cluster) {
      int executors = cluster.executors();
      boolean possible = cluster.totalRanks() <= work.shards() && Integer.bitCount(executors) == 1;
      for (int e = 0; possible && e < executors; e++) {
        possible = work.nodes(e, executors) == 1;
      }
      return possible;
    }

    @Override
    List<Phase> count(Work work, Cluster cluster) {
      Shares shares = new Shares(work, cluster);
      List<Phase> down = new ArrayList<>();
      List<Phase> up = new ArrayList<>();
      long inMemory = (shares.maxRankNodes() - 1) * shares.floats() / shares.ranks();
      if (shares.executors() == 1) {
        return List.of(new Phase(0, 0, 0, inMemory));
      }
      for (int apart = 1; apart < shares.executors(); apart *= 2) {
        Phase phase = round(shares, apart);
        // What ranks merge in memory comes before the first round.
        down.add(
            new Phase(
                phase.frames(),
                phase.bytes(),
                phase.hostBytes(),
                phase.additions() + (apart == 1 ? inMemory : 0)));
        up.add(0, new Phase(phase.frames(), phase.bytes(), phase.hostBytes(), 0));
      }
      down.addAll(up);
      return List.copyOf(down);
    }

    private Phase round(Shares shares, int apart) {
      // An executor keeps the slices of all whose number agrees with its own in the lowest bits.
      long[] kept = new long[2 * apart];
      for (int e = 0; e < shares.executors(); e++) {
        kept[e % kept.length] += shares.owned(e);
      }
      long most = 0;
      long[] hostOut = new long[shares.hosts()];
      for (int e = 0; e < shares.executors(); e++) {
        int partner = e ^ apart;
        long out = kept[partner % kept.length];
        most = Math.max(most, out);
        if (shares.host(e) != shares.host(partner)) {
          hostOut[shares.host(e)] += out;
        }
      }
      long hostMost = LongStream.of(hostOut).max().orElseThrow();
      return new Phase(1, most * Float.BYTES, hostMost * Float.BYTES, most / shares.ranks());
    }
  };

  /** Whether the scheme can do this work there with the bits of the canonical tree. */
  public abstract boolean isPossible(Work work, Cluster cluster);

  /**
   * The phases of a step's exchange, one after the other.
   *
   * @throws IllegalArgumentException unless it {@link #isPossible}
   */
  public List<Phase> phases(Work work, Cluster cluster) {
    if (!isPossible(work, cluster)) {
      throw new IllegalArgumentException(
          "%s cannot sum %d shards on %d executors of %d ranks"
              .formatted(this, work.shards(), cluster.executors(), cluster.ranks()));
    }
    return count(work, cluster);
  }

  abstract List<Phase> count(Work work, Cluster cluster);
}
