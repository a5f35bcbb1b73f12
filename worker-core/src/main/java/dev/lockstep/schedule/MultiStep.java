package dev.lockstep.schedule;

import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * A rate that falls in stairs at given steps: {@code rate · factor^(milestones that step has
 * reached)}; PyTorch's {@code MultiStepLR}.
 *
 * @param rate the first rate
 * @param factor what a stair multiplies it by
 * @param milestones the first step of each stair, in any order
 */
public record MultiStep(double rate, double factor, List<Long> milestones) implements Schedule {
  private static final Setting<List<Length>> MILESTONES =
      Length.list("milestones", "when the rate falls").required();

  public MultiStep {
    milestones = List.copyOf(milestones);
  }

  @Override
  public double rate(long step) {
    int stairs = 0;
    for (long milestone : milestones) {
      stairs += step >= milestone ? 1 : 0;
    }
    return rate * StrictMath.pow(factor, (double) stairs);
  }

  /** {@code multi-step}. */
  public record Kind() implements ScheduleKind {
    @Override
    public String name() {
      return "multi-step";
    }

    @Override
    public String meaning() {
      return "rate factor^(milestones reached)";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(StepDecay.FACTOR, MILESTONES);
    }

    @Override
    public Schedule create(Settings settings, Horizon horizon) {
      return new MultiStep(
          horizon.rate(),
          settings.get(StepDecay.FACTOR),
          settings.get(MILESTONES).stream().map(m -> m.steps(horizon)).toList());
    }
  }
}
