package dev.lockstep.engine;

import java.util.List;

/**
 * Where the time of a round went. The one part of a result that the run does not determine.
 *
 * @param ranks in their order; empty where nobody measured
 * @param steps nanoseconds of each step, as the first rank saw them; likewise
 */
public record RoundTimes(List<RankTimes> ranks, List<Long> steps) {
  /** Nothing was measured. */
  public static final RoundTimes NONE = new RoundTimes(List.of(), List.of());

  public RoundTimes {
    ranks = List.copyOf(ranks);
    steps = List.copyOf(steps);
  }

  /** The time of all ranks together. */
  public TimeSplit sum() {
    return ranks.stream().map(RankTimes::split).reduce(TimeSplit.NONE, TimeSplit::plus);
  }
}
