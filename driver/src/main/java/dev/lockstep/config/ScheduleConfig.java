package dev.lockstep.config;

import dev.lockstep.schedule.ExponentialWarmUp;
import dev.lockstep.schedule.Horizon;
import dev.lockstep.schedule.LinearWarmUp;
import dev.lockstep.schedule.Schedule;
import dev.lockstep.schedule.Schedules;
import java.util.List;

/**
 * The learning rate over time.
 *
 * @param shape one of {@link Schedules#KINDS}
 * @param warmUp steps in which the rate climbs to its full height
 * @param warmUpShape how it climbs, one of {@link #WARM_UPS}
 */
public record ScheduleConfig(Choice shape, int warmUp, String warmUpShape) {
  /** The shapes of a warm-up. */
  public static final List<String> WARM_UPS = List.of("linear", "exponential");

  private static final String NAME = "schedule.name";
  private static final int MAX_WARM_UP = 1_000_000_000;
  private static final Horizon ANY = new Horizon(1, 1, 1);

  public ScheduleConfig {
    Checks checks = new Checks();
    checks.range("schedule.warm-up", warmUp, 0, MAX_WARM_UP);
    checks.oneOf("schedule.warm-up-shape", warmUpShape, WARM_UPS);
    checks.done();
  }

  static ScheduleConfig read(Values values) {
    return new ScheduleConfig(
        values.section(ScheduleConfig::readShape),
        values.wholeInt("schedule.warm-up"),
        values.text("schedule.warm-up-shape"));
  }

  private static Choice readShape(Values values) {
    return Choice.read(
        values,
        NAME,
        Schedules.KINDS,
        (kind, settings) -> kind.create(settings, ANY),
        "warm-up",
        "warm-up-shape");
  }

  void write(Entries entries) {
    shape.write(entries, NAME);
    entries.put("schedule.warm-up", warmUp);
    entries.put("schedule.warm-up-shape", warmUpShape);
  }

  Schedule schedule(Horizon horizon) {
    Schedule schedule = shape.kind(Schedules.KINDS).create(shape.settings(), horizon);
    if (warmUp == 0) {
      return schedule;
    }
    return warmUpShape.equals("linear")
        ? new LinearWarmUp(schedule, warmUp)
        : new ExponentialWarmUp(schedule, warmUp);
  }
}
