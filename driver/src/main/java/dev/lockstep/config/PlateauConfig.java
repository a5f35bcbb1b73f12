package dev.lockstep.config;

import dev.lockstep.engine.PlateauRule;

/**
 * When the learning rate falls because a figure no longer gets better.
 *
 * @param factor what the rate is multiplied by; 1 for never
 * @param patience how many moments without a better figure are borne
 * @param minDelta by how much a figure must be better
 * @param coolDown how many moments after that do not count
 * @param minScale the least that all factors together come to
 */
public record PlateauConfig(
    double factor, int patience, double minDelta, int coolDown, double minScale) {
  public PlateauConfig {
    Checks checks = new Checks();
    checks.check(
        factor > 0 && factor <= 1, "plateau.factor", factor, "want a number above 0, at most 1");
    checks.range("plateau.patience", patience, 0, RunConfig.MAX_STEPS);
    checks.check(
        minDelta >= 0 && minDelta < 1e30,
        "plateau.min-delta",
        minDelta,
        "want a number, 0 or more");
    checks.range("plateau.cool-down", coolDown, 0, RunConfig.MAX_STEPS);
    checks.check(
        minScale >= 0 && minScale <= 1, "plateau.min-scale", minScale, "want a number from 0 to 1");
    checks.done();
  }

  static PlateauConfig read(Values values) {
    return new PlateauConfig(
        values.number("plateau.factor"),
        values.wholeInt("plateau.patience"),
        values.number("plateau.min-delta"),
        values.wholeInt("plateau.cool-down"),
        values.number("plateau.min-scale"));
  }

  void write(Entries entries) {
    entries.put("plateau.factor", factor);
    entries.put("plateau.patience", patience);
    entries.put("plateau.min-delta", minDelta);
    entries.put("plateau.cool-down", coolDown);
    entries.put("plateau.min-scale", minScale);
  }

  PlateauRule rule() {
    return new PlateauRule(factor, patience, minDelta, coolDown, minScale);
  }
}
