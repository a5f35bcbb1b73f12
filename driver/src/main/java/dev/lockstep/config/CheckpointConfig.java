package dev.lockstep.config;

import java.util.OptionalInt;

/**
 * When the state is saved.
 *
 * @param everySteps steps between two checkpoints; empty for every end of an epoch
 * @param keep how many of the newest stay
 */
public record CheckpointConfig(OptionalInt everySteps, int keep) {
  private static final String EPOCH = "epoch";
  private static final int MAX_KEEP = 1_000_000;

  public CheckpointConfig {
    Checks checks = new Checks();
    everySteps.ifPresent(steps -> checks.range("checkpoint.every", steps, 1, RunConfig.MAX_STEPS));
    checks.range("checkpoint.keep", keep, 1, MAX_KEEP);
    checks.done();
  }

  static CheckpointConfig read(Values values) {
    return new CheckpointConfig(
        values.wholeIntOr("checkpoint.every", EPOCH), values.wholeInt("checkpoint.keep"));
  }

  void write(Entries entries) {
    entries.put("checkpoint.every", everySteps, EPOCH);
    entries.put("checkpoint.keep", keep);
  }
}
