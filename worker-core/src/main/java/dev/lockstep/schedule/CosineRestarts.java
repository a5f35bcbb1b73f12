package dev.lockstep.schedule;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * A rate that falls along half a period of the cosine again and again, each time longer: period i
 * has {@code first · growth^i} steps (Loshchilov and Hutter 2017, "SGDR: stochastic gradient
 * descent with warm restarts", equation 5); PyTorch's {@code CosineAnnealingWarmRestarts}.
 *
 * @param rate the first rate of every period
 * @param end the rate that a period falls to but never reaches, 0 or more
 * @param first steps of the first period, at least 1
 * @param growth the factor by which periods grow, at least 1
 */
public record CosineRestarts(double rate, double end, long first, int growth) implements Schedule {
  private static final int MAX_GROWTH = 1000;

  private static final Setting<Length> PERIOD =
      Length.setting("period", Length.epochs(10), "how long the first period is");
  private static final Setting<Integer> GROWTH =
      Setting.whole("growth", 1, 1, MAX_GROWTH, "how many times as long the next period is");

  public CosineRestarts {
    Range.NOT_NEGATIVE.check("end", end);
    if (first < 1 || growth < 1) {
      throw new IllegalArgumentException(
          "a period of %d steps that grows by %d: want 1 or more".formatted(first, growth));
    }
  }

  @Override
  public double rate(long step) {
    long period = first;
    long gone = growth == 1 ? step % first : step;
    while (gone >= period) {
      gone -= period;
      // A period that no long holds never ends.
      period = period > Long.MAX_VALUE / growth ? Long.MAX_VALUE : period * growth;
    }
    return Cosine.between(rate, end, (double) gone / (double) period);
  }

  /** {@code cosine-restarts}. */
  public record Kind() implements ScheduleKind {
    @Override
    public String name() {
      return "cosine-restarts";
    }

    @Override
    public String meaning() {
      return "cosine over period i of period growth^i, again and again";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(Polynomial.END, PERIOD, GROWTH);
    }

    @Override
    public Schedule create(Settings settings, Horizon horizon) {
      return new CosineRestarts(
          horizon.rate(),
          settings.get(Polynomial.END),
          settings.get(PERIOD).stepsAnywhere(horizon),
          settings.get(GROWTH));
    }
  }
}
