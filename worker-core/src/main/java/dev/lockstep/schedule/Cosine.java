package dev.lockstep.schedule;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * A rate that falls to another along half a period of the cosine, {@code end + (rate - end) (1 +
 * cos(pi step / steps)) / 2}, and stays there (Loshchilov and Hutter 2017, "SGDR: stochastic
 * gradient descent with warm restarts", equation 5, without restarts). PyTorch's {@code
 * CosineAnnealingLR} is the same until its {@code T_max}, where it turns and climbs again.
 *
 * @param rate the first rate
 * @param end the last rate, 0 or more
 * @param steps how long it falls, at least 1
 */
public record Cosine(double rate, double end, long steps) implements Schedule {
  public Cosine {
    Range.NOT_NEGATIVE.check("end", end);
    if (steps < 1) {
      throw new IllegalArgumentException("a fall in %d steps: want 1 or more".formatted(steps));
    }
  }

  @Override
  public double rate(long step) {
    return between(rate, end, (double) Math.min(step, steps) / (double) steps);
  }

  /** The way from one rate to another, of which a share from 0 to 1 is gone. */
  static double between(double from, double to, double share) {
    return to + (from - to) * (1 + StrictMath.cos(Math.PI * share)) / 2;
  }

  /** {@code cosine}. */
  public record Kind() implements ScheduleKind {
    @Override
    public String name() {
      return "cosine";
    }

    @Override
    public String meaning() {
      return "end + (rate - end) (1 + cos(pi s / length)) / 2";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(Polynomial.END, Polynomial.LENGTH);
    }

    @Override
    public Schedule create(Settings settings, Horizon horizon) {
      return new Cosine(
          horizon.rate(),
          settings.get(Polynomial.END),
          settings.get(Polynomial.LENGTH).steps(horizon));
    }
  }
}
