package dev.lockstep.config;

import dev.lockstep.schedule.Constant;
import dev.lockstep.schedule.LinearWarmUp;
import dev.lockstep.schedule.Schedule;
import dev.lockstep.schedule.StepDecay;
import java.util.List;

/**
 * The learning rate over time.
 *
 * @param name one of {@link #NAMES}
 * @param factor what a stair multiplies the rate by
 * @param every epochs of a stair
 * @param warmUp steps in which the rate climbs linearly to its full height
 */
public record ScheduleConfig(String name, double factor, int every, int warmUp) {
  /** The known shapes. */
  public static final List<String> NAMES = List.of("constant", "step");

  private static final int MAX_WARM_UP = 1_000_000_000;

  public ScheduleConfig {
    Checks checks = new Checks();
    checks.oneOf("schedule.name", name, NAMES);
    checks.check(
        factor > 0 && factor <= 1, "schedule.factor", factor, "want a number above 0, at most 1");
    checks.range("schedule.every", every, 1, RunConfig.MAX_EPOCHS);
    checks.range("schedule.warm-up", warmUp, 0, MAX_WARM_UP);
    checks.done();
  }

  static ScheduleConfig read(Values values) {
    return new ScheduleConfig(
        values.text("schedule.name"),
        values.number("schedule.factor"),
        values.wholeInt("schedule.every"),
        values.wholeInt("schedule.warm-up"));
  }

  void write(Entries entries) {
    entries.put("schedule.name", name);
    entries.put("schedule.factor", factor);
    entries.put("schedule.every", every);
    entries.put("schedule.warm-up", warmUp);
  }

  Schedule schedule(double rate, long stepsPerEpoch) {
    Schedule shape =
        name.equals("step")
            ? new StepDecay(rate, factor, every * stepsPerEpoch)
            : new Constant(rate);
    return warmUp == 0 ? shape : new LinearWarmUp(shape, warmUp);
  }
}
