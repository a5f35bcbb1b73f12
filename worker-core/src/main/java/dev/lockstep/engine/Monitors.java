package dev.lockstep.engine;

import java.io.Serializable;

/**
 * What a run watches beside the parameters; part of the state, so that it survives a stop.
 *
 * @param epoch sums over the steps of the epoch
 * @param decisions what follows from them, at the moments when that is asked
 */
public record Monitors(EpochSums epoch, Decisions decisions) implements Serializable {
  /** What a run begins with. */
  public static final Monitors NONE = new Monitors(EpochSums.NONE, Decisions.NONE);

  /** With the sums of more steps. */
  public Monitors with(EpochSums epoch) {
    return new Monitors(epoch, decisions);
  }

  /** With decisions taken. */
  public Monitors with(Decisions decisions) {
    return new Monitors(epoch, decisions);
  }
}
