package dev.lockstep.config;

import dev.lockstep.engine.Goal;
import dev.lockstep.engine.StopRule;
import java.util.Optional;

/**
 * When a run ends early.
 *
 * @param patience how many moments without a better figure end it; 0 for none
 * @param minDelta by how much a figure must be better
 * @param restoresBest whether the model is made of the best parameters
 * @param goal what ends it when it is reached; empty for none
 */
public record StopConfig(int patience, double minDelta, boolean restoresBest, Optional<Goal> goal) {
  private static final String NONE = "none";

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
        values.truth("stop.restore-best"),
        values.section(StopConfig::readGoal));
  }

  private static Optional<Goal> readGoal(Values values) {
    String text = values.text("stop.goal");
    if (text.equals(NONE)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Goal.parse(text));
    } catch (IllegalArgumentException e) {
      Checks checks = new Checks();
      checks.check(false, "stop.goal", text, e.getMessage() + ", or none");
      checks.done();
      throw e;
    }
  }

  void write(Entries entries) {
    entries.put("stop.patience", patience);
    entries.put("stop.min-delta", minDelta);
    entries.put("stop.restore-best", restoresBest);
    entries.put("stop.goal", goal.map(StopConfig::text).orElse(NONE));
  }

  private static String text(Goal goal) {
    return "%s %s %s"
        .formatted(goal.figure().text(), goal.relation(), Entries.shortest(goal.bound()));
  }

  StopRule rule() {
    return new StopRule(patience, minDelta, restoresBest);
  }
}
