package dev.lockstep.engine;

import java.io.Serializable;

/**
 * Ends a run early: once a figure has been {@code patience} times in a row no less than the best so
 * far minus {@code minDelta}. (Prechelt, "Early Stopping, but when?", 1998, criterion UP in the
 * form that Keras's EarlyStopping has.)
 *
 * @param patience 1 or more; 0 for never
 * @param minDelta 0 or more
 * @param restoresBest whether the model is made of the parameters that did best
 */
public record StopRule(int patience, double minDelta, boolean restoresBest)
    implements Serializable {
  /** Never. */
  public static final StopRule NONE = new StopRule(0, 0, false);

  /** Whether it ever does anything. */
  public boolean isOn() {
    return patience > 0;
  }

  /** What follows from the next figure; lower is better. */
  Decisions next(Decisions before, double figure, long step) {
    boolean isBetter = figure < before.stopBest() - minDelta;
    return isBetter
        ? before.withStop(figure, 0, step, false)
        : before.withStop(
            before.stopBest(),
            before.stopWaited() + 1,
            before.bestStep(),
            before.stopWaited() + 1 >= patience);
  }
}
