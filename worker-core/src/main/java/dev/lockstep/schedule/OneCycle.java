package dev.lockstep.schedule;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * A rate that climbs to a maximum and falls far below where it began (Smith and Topin 2018,
 * "Super-convergence: very fast training of neural networks using large learning rates"), in the
 * two phases of PyTorch's {@code OneCycleLR}, each half a period of the cosine. With T steps the
 * rate begins at {@code rate / start}, is at its maximum at step {@code rising T - 1} and at {@code
 * rate / start / end} at step T - 1, where it stays. Momentum is not cycled.
 *
 * @param rate the maximum
 * @param start how many times the first rate is smaller than the maximum, at least 1
 * @param end how many times the last rate is smaller than the first, at least 1
 * @param rising the share of T in which it climbs, above 0, below 1
 * @param steps T, at least 1
 */
public record OneCycle(double rate, double start, double end, double rising, long steps)
    implements Schedule {
  private static final Range DIVISOR = new Range(1, Float.MAX_VALUE, true, true);
  private static final Range SHARE = new Range(0, 1, false, false);

  private static final Setting<Double> START =
      Setting.number("start-divisor", 25, DIVISOR, "maximum over first rate");
  private static final Setting<Double> END =
      Setting.number("end-divisor", 1e4, DIVISOR, "first over last rate");
  private static final Setting<Double> RISING =
      Setting.number("rising", 0.3, SHARE, "the share in which the rate climbs");

  public OneCycle {
    DIVISOR.check("start", start);
    DIVISOR.check("end", end);
    SHARE.check("rising", rising);
    if (steps < 1) {
      throw new IllegalArgumentException("a cycle of %d steps: want 1 or more".formatted(steps));
    }
  }

  @Override
  public double rate(long step) {
    double first = rate / start;
    double top = Math.max(rising * (double) steps - 1, 0);
    double last = Math.max((double) steps - 1, top);
    double now = Math.min((double) step, last);
    return now < top
        ? Cosine.between(first, rate, now / top)
        : Cosine.between(rate, first / end, last > top ? (now - top) / (last - top) : 1);
  }

  /** {@code one-cycle}. */
  public record Kind() implements ScheduleKind {
    @Override
    public String name() {
      return "one-cycle";
    }

    @Override
    public String meaning() {
      return "cosine from rate / start-divisor to rate, then to rate / start-divisor /"
          + " end-divisor";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(START, END, RISING, Polynomial.LENGTH);
    }

    @Override
    public Schedule create(Settings settings, Horizon horizon) {
      return new OneCycle(
          horizon.rate(),
          settings.get(START),
          settings.get(END),
          settings.get(RISING),
          settings.get(Polynomial.LENGTH).steps(horizon));
    }
  }
}
