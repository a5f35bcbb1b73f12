package dev.lockstep.schedule;

/**
 * A rate that climbs linearly to that of another schedule: step s of the first w uses {@code (s +
 * 1) / w} of it (Goyal et al., "Accurate, Large Minibatch SGD", 2017, section 2.2, starting from
 * 0).
 *
 * @param then the schedule to climb to; it counts the steps of the warm-up too
 * @param steps w, 0 or more
 */
public record LinearWarmUp(Schedule then, long steps) implements Schedule {
  @Override
  public double rate(long step) {
    double rate = then.rate(step);
    return step < steps ? rate * (double) (step + 1) / (double) steps : rate;
  }
}
