package dev.lockstep.schedule;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * A rate that falls in equal stairs: {@code rate · factor^floor(step / every)}; PyTorch's {@code
 * StepLR}.
 *
 * @param rate the first rate
 * @param factor what a stair multiplies it by
 * @param every steps of a stair, at least 1
 */
public record StepDecay(double rate, double factor, long every) implements Schedule {
  static final Setting<Double> FACTOR =
      Setting.number("factor", 0.1, Range.FRACTION, "what a stair multiplies the rate by");

  private static final Setting<Length> EVERY =
      Length.setting("every", Length.epochs(3), "how long a stair is");

  public StepDecay {
    if (every < 1) {
      throw new IllegalArgumentException("a stair of %d steps: want 1 or more".formatted(every));
    }
  }

  @Override
  public double rate(long step) {
    long stairs = step / every;
    return rate * StrictMath.pow(factor, (double) stairs);
  }

  /** {@code step}. */
  public record Kind() implements ScheduleKind {
    @Override
    public String name() {
      return "step";
    }

    @Override
    public String meaning() {
      return "rate factor^floor(s / every)";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(FACTOR, EVERY);
    }

    @Override
    public Schedule create(Settings settings, Horizon horizon) {
      return new StepDecay(
          horizon.rate(), settings.get(FACTOR), settings.get(EVERY).stepsAnywhere(horizon));
    }
  }
}
