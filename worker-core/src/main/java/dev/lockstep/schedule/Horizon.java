package dev.lockstep.schedule;

/**
 * What a schedule is made for.
 *
 * @param rate the rate that it starts from, or climbs to
 * @param stepsPerEpoch steps of an epoch, at least 1
 * @param steps steps of the run, or of its part in it; at least 1
 */
public record Horizon(double rate, long stepsPerEpoch, long steps) {
  public Horizon {
    if (stepsPerEpoch < 1 || steps < 1) {
      throw new IllegalArgumentException(
          "%d steps of %d an epoch: want at least 1".formatted(steps, stepsPerEpoch));
    }
  }
}
