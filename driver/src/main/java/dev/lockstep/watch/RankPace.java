package dev.lockstep.watch;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * Where the time of a rank went, over some steps.
 *
 * @param place where it ran
 * @param steps how many
 * @param compute nanoseconds of arithmetic
 * @param exchange nanoseconds of making, sending and merging what is exchanged
 * @param waiting nanoseconds of waiting for other ranks and for what is on its way
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record RankPace(String place, long steps, long compute, long exchange, long waiting) {
  public RankPace {
    place = Absent.text(place);
  }

  /** With the steps that follow; where they ran is where it is now. */
  public RankPace then(RankPace next) {
    return new RankPace(
        next.place,
        steps + next.steps,
        compute + next.compute,
        exchange + next.exchange,
        waiting + next.waiting);
  }
}
