package dev.lockstep.config;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.schedule.ExponentialWarmUp;
import dev.lockstep.schedule.Horizon;
import dev.lockstep.schedule.Length;
import dev.lockstep.schedule.LinearWarmUp;
import dev.lockstep.schedule.Schedule;
import dev.lockstep.schedule.Schedules;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The learning rate over time.
 *
 * @param shape one of {@link Schedules#KINDS}
 * @param warmUp how long the rate climbs to its full height; empty for not at all
 * @param warmUpShape how it climbs, one of {@link #WARM_UPS}
 */
public record ScheduleConfig(Choice shape, Optional<Length> warmUp, String warmUpShape) {
  /** The shapes of a warm-up. */
  public static final List<String> WARM_UPS = List.of("linear", "exponential");

  private static final Pattern WHOLE = Pattern.compile("[0-9]+");
  private static final String NAME = "schedule.name";
  private static final String WARM_UP = "schedule.warm-up";
  private static final Horizon ANY = new Horizon(1, new BatchPlan(1, 1, 1, 0, false), 1);

  public ScheduleConfig {
    Checks checks = new Checks();
    checks.oneOf("schedule.warm-up-shape", warmUpShape, WARM_UPS);
    checks.done();
  }

  static ScheduleConfig read(Values values) {
    return new ScheduleConfig(
        values.section(ScheduleConfig::readShape),
        values.section(ScheduleConfig::readWarmUp),
        values.text("schedule.warm-up-shape"));
  }

  /** A number alone is one of steps. */
  private static Optional<Length> readWarmUp(Values values) {
    String text = values.text(WARM_UP).strip();
    if (text.equals("0")) {
      return Optional.empty();
    }
    Optional<Length> length = Length.read(WHOLE.matcher(text).matches() ? text + " steps" : text);
    Checks checks = new Checks();
    checks.check(
        length.isPresent(),
        WARM_UP,
        text,
        "want 0, or steps, epochs or examples, from 1 to 1000000000, such as 200, 5 epochs or 50000"
            + " examples");
    checks.done();
    return length;
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
    entries.put(WARM_UP, warmUp.map(ScheduleConfig::written).orElse("0"));
    entries.put("schedule.warm-up-shape", warmUpShape);
  }

  private static String written(Length length) {
    return length.unit() == Length.Unit.STEPS ? Long.toString(length.count()) : length.toString();
  }

  Schedule schedule(Horizon horizon) {
    Schedule schedule = shape.kind(Schedules.KINDS).create(shape.settings(), horizon);
    if (warmUp.isEmpty()) {
      return schedule;
    }
    long steps = warmUp.get().steps(horizon);
    return warmUpShape.equals("linear")
        ? new LinearWarmUp(schedule, steps)
        : new ExponentialWarmUp(schedule, steps);
  }
}
