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
 * @param goalStep steps done when the goal was reached; 0 before
 */
public record Decisions(
    double rateScale,
    double plateauBest,
    int plateauWaited,
    int coolDown,
    double stopBest,
    int stopWaited,
    long bestStep,
    boolean isStopped,
    long goalStep)
    implements Serializable {
  /** Before the first. */
  public static final Decisions NONE =
      new Decisions(1, Double.POSITIVE_INFINITY, 0, 0, Double.POSITIVE_INFINITY, 0, 0, false, 0);

  /** Decisions of a run that has not reached its goal, or has none. */
  public Decisions(
      double rateScale,
      double plateauBest,
      int plateauWaited,
      int coolDown,
      double stopBest,
      int stopWaited,
      long bestStep,
      boolean isStopped) {
    this(
        rateScale,
        plateauBest,
        plateauWaited,
        coolDown,
        stopBest,
        stopWaited,
        bestStep,
        isStopped,
        0);
  }

  /** Whether the run is over because it reached its goal. */
  public boolean isAtGoal() {
    return goalStep > 0;
  }

  Decisions atGoal(long step) {
    return new Decisions(
        rateScale,
        plateauBest,
        plateauWaited,
        coolDown,
        stopBest,
        stopWaited,
        bestStep,
        true,
        step);
  }

  Decisions withPlateau(double rateScale, double best, int waited, int coolDown) {
    return new Decisions(
        rateScale, best, waited, coolDown, stopBest, stopWaited, bestStep, isStopped, goalStep);
  }

  Decisions withStop(double best, int waited, long bestStep, boolean isStopped) {
    return new Decisions(
        rateScale,
        plateauBest,
        plateauWaited,
        coolDown,
        best,
        waited,
        bestStep,
        isStopped,
        goalStep);
  }
}
