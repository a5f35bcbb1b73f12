package dev.lockstep.schedule;

/**
 * The same rate at every step.
 *
 * @param rate the rate
 */
public record Constant(double rate) implements Schedule {
  @Override
  public double rate(long step) {
    return rate;
  }
}
