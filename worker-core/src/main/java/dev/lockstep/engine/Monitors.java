package dev.lockstep.engine;

import java.io.Serializable;

/**
 * What a run watches beside the parameters; part of the state, so that it survives a stop.
 *
 * @param epochLoss sum of the losses of the examples that this epoch has seen
 * @param epochExamples how many those are
 */
public record Monitors(double epochLoss, long epochExamples) implements Serializable {
  /** What a run begins with. */
  public static final Monitors NONE = new Monitors(0, 0);

  /** After a step of some examples, the first of its epoch or a later one. */
  public Monitors after(double lossSum, long examples, boolean isFirstOfEpoch) {
    return isFirstOfEpoch
        ? new Monitors(lossSum, examples)
        : new Monitors(epochLoss + lossSum, epochExamples + examples);
  }
}
