package dev.lockstep.config;

import dev.lockstep.engine.StopRule;

/**
 * When a run ends early.
 *
 * @param patience how many moments without a better figure end it; 0 for none
 * @param minDelta by how much a figure must be better
 * @param restoresBest whether the model is made of the best parameters
 */
public record StopConfig(int patience, double minDelta, boolean restoresBest) {
  public StopConfig {
    Checks checks = new Checks();
    checks.range("stop.patience", patience, 0, RunConfig.MAX_STEPS);
    checks.check(
        minDelta >= 0 && minDelta < 1e30, "stop.min-delta", minDelta, "want a number, 0 or more");
    checks.done();
  }

  static StopConfig read(Values values) {
    return new StopConfig(
        values.wholeInt("stop.patience"),
        values.number("stop.min-delta"),
        values.truth("stop.restore-best"));
  }

  void write(Entries entries) {
    entries.put("stop.patience", patience);
    entries.put("stop.min-delta", minDelta);
    entries.put("stop.restore-best", restoresBest);
  }

  StopRule rule() {
    return new StopRule(patience, minDelta, restoresBest);
  }
}
