package dev.lockstep.schedule;

import dev.lockstep.setting.Settings;

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

  /** {@code constant}. */
  public record Kind() implements ScheduleKind {
    @Override
    public String name() {
      return "constant";
    }

    @Override
    public String meaning() {
      return "rate";
    }

    @Override
    public Schedule create(Settings settings, Horizon horizon) {
      return new Constant(horizon.rate());
    }
  }
}
