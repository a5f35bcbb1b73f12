package dev.lockstep.config;

import dev.lockstep.gradient.NoiseSampling;
import java.util.OptionalInt;

/**
 * When the gradient noise scale is measured.
 *
 * @param everySteps at every so many steps; empty for never
 * @param decay of the moving averages, from 0 to below 1
 */
public record NoiseConfig(OptionalInt everySteps, double decay) {
  private static final String EVERY = "noise-scale.every";
  private static final String DECAY = "noise-scale.decay";
  private static final String NEVER = "never";

  public NoiseConfig {
    Checks checks = new Checks();
    everySteps.ifPresent(every -> checks.range(EVERY, every, 1, RunConfig.MAX_STEPS));
    checks.check(decay >= 0 && decay < 1, DECAY, decay, "want a number from 0 to below 1");
    checks.done();
  }

  static NoiseConfig read(Values values) {
    return new NoiseConfig(values.wholeIntOr(EVERY, NEVER), values.number(DECAY));
  }

  void write(Entries entries) {
    entries.put(EVERY, everySteps, NEVER);
    entries.put(DECAY, decay);
  }

  NoiseSampling sampling() {
    return new NoiseSampling(everySteps.orElse(0), decay);
  }
}
