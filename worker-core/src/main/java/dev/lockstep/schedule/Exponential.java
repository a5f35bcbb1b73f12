package dev.lockstep.schedule;

import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * A rate that falls smoothly: {@code rate · factor^(step / every)}. PyTorch's {@code ExponentialLR}
 * is the same with every = 1.
 *
 * @param rate the first rate
 * @param factor what is left of it after {@code every} steps
 * @param every a number of steps, at least 1
 */
public record Exponential(double rate, double factor, long every) implements Schedule {
  private static final Setting<Length> EVERY =
      Length.setting("every", Length.epochs(1), "how long the rate takes to fall by the factor");

  public Exponential {
    if (every < 1) {
      throw new IllegalArgumentException("a fall in %d steps: want 1 or more".formatted(every));
    }
  }

  @Override
  public double rate(long step) {
    return rate * StrictMath.pow(factor, (double) step / (double) every);
  }

  /** {@code exponential}. */
  public record Kind() implements ScheduleKind {
    @Override
    public String name() {
      return "exponential";
    }

    @Override
    public String meaning() {
      return "rate factor^(s / every)";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(StepDecay.FACTOR, EVERY);
    }

    @Override
    public Schedule create(Settings settings, Horizon horizon) {
      return new Exponential(
          horizon.rate(),
          settings.get(StepDecay.FACTOR),
          settings.get(EVERY).stepsAnywhere(horizon));
    }
  }
}
