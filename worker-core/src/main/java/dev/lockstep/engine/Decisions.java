package dev.lockstep.engine;

import java.io.Serializable;

/**
 * What was decided at the moments that the configuration fixes, and what the next decision depends
 * on.
 *
 * @param rateScale what the schedule's rate is multiplied by, after all plateaus
 * @param plateauBest the best figure that plateaus are measured against; infinite before the first
 * @param plateauWaited how often since then it was not better
 * @param coolDown for how many more moments no plateau counts
 * @param stopBest the best figure that an early stop is measured against; infinite before the first
 * @param stopWaited how often since then it was not better
 * @param bestStep steps done when the best figure was seen
 * @param isStopped whether the run is over before its last step
 */
public record Decisions(
    double rateScale,
    double plateauBest,
    int plateauWaited,
    int coolDown,
    double stopBest,
    int stopWaited,
    long bestStep,
    boolean isStopped)
    implements Serializable {
  /** Before the first. */
  public static final Decisions NONE =
      new Decisions(1, Double.POSITIVE_INFINITY, 0, 0, Double.POSITIVE_INFINITY, 0, 0, false);

  Decisions withPlateau(double rateScale, double best, int waited, int coolDown) {
    return new Decisions(
        rateScale, best, waited, coolDown, stopBest, stopWaited, bestStep, isStopped);
  }

  Decisions withStop(double best, int waited, long bestStep, boolean isStopped) {
    return new Decisions(
        rateScale, plateauBest, plateauWaited, coolDown, best, waited, bestStep, isStopped);
  }
}
