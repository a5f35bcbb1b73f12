package dev.lockstep.bench.cost;

/**
 * Where ranks run. They are numbered executor by executor, and executors host by host.
 *
 * @param executors E, JVMs
 * @param ranks R, ranks of each executor
 * @param perHost executors of each host, or all of them if there are fewer
 * @param cores of each host
 * @param wire between hosts
 */
public record Cluster(int executors, int ranks, int perHost, int cores, Wire wire) {
  public Cluster {
    if (executors < 1 || ranks < 1 || perHost < 1 || cores < 1) {
      throw new IllegalArgumentException(
          "%d executors of %d ranks, %d to a host of %d cores: want 1 or more of each"
              .formatted(executors, ranks, perHost, cores));
    }
  }

  /** One host with a core for each rank of its only executor. */
  public static Cluster oneExecutor(int ranks) {
    return new Cluster(1, ranks, 1, ranks, Wire.NONE);
  }

  /** Hosts with a core for each rank. */
  public static Cluster of(int executors, int ranks, int perHost, Wire wire) {
    return new Cluster(executors, ranks, perHost, perHost * ranks, wire);
  }

  /** N, ranks in all. */
  public int totalRanks() {
    return executors * ranks;
  }

  /** The host of an executor. */
  int host(int executor) {
    return executor / perHost;
  }

  /** How many hosts there are; the last may have fewer executors. */
  int hosts() {
    return (executors - 1) / perHost + 1;
  }

  /**
   * How many times longer a rank computes because it shares its core with others, 1 or more. A step
   * is shorter than the time for which a system leaves a thread on its core: three ranks on two
   * cores take as long as four.
   */
  int crowding() {
    int ranksOfHost = Math.min(perHost, executors) * ranks;
    return (ranksOfHost - 1) / cores + 1;
  }
}
