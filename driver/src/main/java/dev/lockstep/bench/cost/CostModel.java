package dev.lockstep.bench.cost;

/**
 * What a step of synchronous training takes: counts of a {@link Scheme}, times measured constants.
 *
 * <pre>
 * step = crowding (c b + p P)              b: examples of the busiest rank
 *      + 2 m R                             R: ranks of an executor, where there are several
 *      + sum over phases of the exchange
 *          alpha + wire latency + f (frames - 1)
 *        + max(crowding beta bytes, bytes of the host / wire)
 *        + crowding gamma additions
 *      + crowding u S                      S: floats of the rank that owns the most
 * </pre>
 *
 * <p>Nothing overlaps. Transport and network are a pipeline, so the slower of the two counts.
 * Executors are alike, and nobody straggles.
 *
 * @param alpha s: a frame without content, from one executor until another has read it
 * @param frame s: each further frame that an executor sends and takes at about the same time
 * @param beta s a byte: that an executor sends while it takes as many, packed and unpacked
 * @param gamma s a float: adding one sum to another
 * @param update s a float: mean, norm, optimiser and checks
 * @param pass s a float: what each rank does with all parameters once a step, whatever the batch
 * @param perExample s: forward and backward of one example on one core
 * @param meet s: for each rank of an executor, when all of them meet
 */
public record CostModel(
    double alpha,
    double frame,
    double beta,
    double gamma,
    double update,
    double pass,
    double perExample,
    double meet) {
  private static final int MEETINGS = 2;

  /**
   * Predicts a step.
   *
   * @throws IllegalArgumentException where the scheme cannot do the work
   */
  public StepCost step(Work work, Cluster cluster, Scheme scheme) {
    int crowding = cluster.crowding();
    double latency = 0;
    double transfer = 0;
    double merging = 0;
    for (Phase phase : scheme.phases(work, cluster)) {
      if (phase.frames() > 0) {
        double onWire = phase.hostBytes() > 0 ? cluster.wire().latency() : 0;
        latency += alpha + onWire + frame * (phase.frames() - 1);
      }
      transfer +=
          Math.max(
              crowding * beta * phase.bytes(), phase.hostBytes() / cluster.wire().bytesPerSecond());
      merging += crowding * gamma * phase.additions();
    }
    int ranks = cluster.totalRanks();
    double compute = crowding * (perExample * work.examplesOfBusiest(ranks) + pass * work.floats());
    double meeting = cluster.ranks() > 1 ? MEETINGS * meet * cluster.ranks() : 0;
    return new StepCost(
        compute, meeting, latency, transfer, merging, crowding * update * mostOwned(work, ranks));
  }

  /** The same over a transport that takes no time of its own: the network alone counts. */
  public CostModel withoutTransport() {
    return new CostModel(alpha, frame, 0, gamma, update, pass, perExample, meet);
  }

  /** A step of one rank alone, in seconds. */
  public double alone(Work work) {
    return perExample * work.batch() + (pass + update) * work.floats();
  }

  /** How much of N ranks' time is well spent: the time alone over N times that of a step. */
  public double efficiency(Work work, Cluster cluster, Scheme scheme) {
    return alone(work) / (cluster.totalRanks() * step(work, cluster, scheme).total());
  }

  private static long mostOwned(Work work, int ranks) {
    long most = 0;
    for (int rank = 0; rank < ranks; rank++) {
      most = Math.max(most, work.owned(rank, ranks));
    }
    return most;
  }
}
