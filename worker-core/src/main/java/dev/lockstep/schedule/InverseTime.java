package dev.lockstep.schedule;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * A rate that falls as time goes on: {@code rate / (1 + decay · step / every)}, with which
 * stochastic approximation converges (Robbins and Monro 1951; the form of Bottou 2012, "Stochastic
 * gradient descent tricks", section 5.2).
 *
 * @param rate the first rate
 * @param decay 0 or more; with 1, half of the rate is left after {@code every} steps
 * @param every a number of steps, at least 1
 */
public record InverseTime(double rate, double decay, long every) implements Schedule {
  private static final Setting<Double> DECAY =
      Setting.number("decay", 1, Range.NOT_NEGATIVE, "how fast the rate falls");
  private static final Setting<Length> EVERY =
      Length.setting("every", Length.epochs(1), "the unit of time");

  public InverseTime {
    Range.NOT_NEGATIVE.check("decay", decay);
    if (every < 1) {
      throw new IllegalArgumentException("a unit of %d steps: want 1 or more".formatted(every));
    }
  }

  @Override
  public double rate(long step) {
    return rate / (1 + decay * ((double) step / (double) every));
  }

  /** {@code inverse-time}. */
  public record Kind() implements ScheduleKind {
    @Override
    public String name() {
      return "inverse-time";
    }

    @Override
    public String meaning() {
      return "rate / (1 + decay s / every)";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(DECAY, EVERY);
    }

    @Override
    public Schedule create(Settings settings, Horizon horizon) {
      return new InverseTime(
          horizon.rate(), settings.get(DECAY), settings.get(EVERY).stepsAnywhere(horizon));
    }
  }
}
