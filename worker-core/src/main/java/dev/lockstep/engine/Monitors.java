package dev.lockstep.engine;

import dev.lockstep.gradient.NoiseSampling;
import java.io.Serializable;
import java.util.List;

/**
 * What a run watches beside the parameters; part of the state, so that it survives a stop.
 *
 * @param epoch sums over the steps of the epoch
 * @param decisions what follows from them, at the moments when that is asked
 * @param noise moving averages of the noise of gradients
 */
public record Monitors(EpochSums epoch, Decisions decisions, NoiseAverages noise)
    implements Serializable {
  /** What a run begins with. */
  public static final Monitors NONE =
      new Monitors(EpochSums.NONE, Decisions.NONE, NoiseAverages.NONE);

  /** Sums and decisions of a run whose noise was never measured. */
  public Monitors(EpochSums epoch, Decisions decisions) {
    this(epoch, decisions, NoiseAverages.NONE);
  }

  /** After more steps, with the sums that they lead to. */
  public Monitors after(List<StepRecord> steps, EpochSums epoch, NoiseSampling sampling) {
    return new Monitors(epoch, decisions, noise.after(steps, sampling));
  }

  /** With decisions taken. */
  public Monitors with(Decisions decisions) {
    return new Monitors(epoch, decisions, noise);
  }
}
