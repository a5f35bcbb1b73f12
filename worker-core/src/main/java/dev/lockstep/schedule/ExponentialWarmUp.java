package dev.lockstep.schedule;

/**
 * A rate that climbs by the same factor at every step to that of another schedule: step s of the
 * first w uses {@code 100^((s + 1) / w - 1)} of it, which begins near a hundredth (the exponential
 * warm-up of Tensor2Tensor, Vaswani et al. 2018).
 *
 * @param then the schedule to climb to; it counts the steps of the warm-up too
 * @param steps w, 0 or more
 */
public record ExponentialWarmUp(Schedule then, long steps) implements Schedule {
  private static final double CLIMB = 100;

  @Override
  public double rate(long step) {
    double rate = then.rate(step);
    return step < steps
        ? rate * StrictMath.pow(CLIMB, (double) (step + 1 - steps) / (double) steps)
        : rate;
  }
}
