package dev.lockstep.schedule;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * A rate that falls to another along a power of the time left: {@code end + (rate - end) (1 - step
 * / steps)^power}, and stays there. PyTorch's {@code PolynomialLR} is the same with end = 0.
 *
 * @param rate the first rate
 * @param end the last rate, 0 or more
 * @param power above 0; 1 for a straight line
 * @param steps how long it falls, at least 1
 */
public record Polynomial(double rate, double end, double power, long steps) implements Schedule {
  static final Setting<Double> END =
      Setting.number("end", 0, Range.NOT_NEGATIVE, "the rate that is reached in the end");
  static final Setting<Length> LENGTH =
      Length.upToRun("length", "how long it takes to get to the end");

  private static final Setting<Double> POWER =
      Setting.number("power", 1, Range.POSITIVE, "of the time left");

  public Polynomial {
    Range.NOT_NEGATIVE.check("end", end);
    Range.POSITIVE.check("power", power);
    if (steps < 1) {
      throw new IllegalArgumentException("a fall in %d steps: want 1 or more".formatted(steps));
    }
  }

  @Override
  public double rate(long step) {
    double left = (double) (steps - Math.min(step, steps)) / (double) steps;
    return end + (rate - end) * StrictMath.pow(left, power);
  }

  /** {@code polynomial}. */
  public record Kind() implements ScheduleKind {
    @Override
    public String name() {
      return "polynomial";
    }

    @Override
    public String meaning() {
      return "end + (rate - end) (1 - s / length)^power";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(END, POWER, LENGTH);
    }

    @Override
    public Schedule create(Settings settings, Horizon horizon) {
      return new Polynomial(
          horizon.rate(),
          settings.get(END),
          settings.get(POWER),
          settings.get(LENGTH).steps(horizon));
    }
  }
}
