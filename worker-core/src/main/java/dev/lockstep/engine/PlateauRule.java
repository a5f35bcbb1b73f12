package dev.lockstep.engine;

import java.io.Serializable;

/**
 * Lowers the learning rate when a figure no longer gets better: once it has been more than {@code
 * patience} times in a row no less than the best so far minus {@code minDelta}, the rate is
 * multiplied by {@code factor}, and for {@code coolDown} times nothing counts. (PyTorch's
 * ReduceLROnPlateau with {@code mode="min", threshold_mode="abs"}.)
 *
 * @param factor above 0, at most 1; 1 for never
 * @param patience 0 or more
 * @param minDelta 0 or more
 * @param coolDown 0 or more
 * @param minScale the least that all factors together come to, 0 to 1
 */
public record PlateauRule(
    double factor, int patience, double minDelta, int coolDown, double minScale)
    implements Serializable {
  /** Never. */
  public static final PlateauRule NONE = new PlateauRule(1, 0, 0, 0, 0);

  /** Whether it ever does anything. */
  public boolean isOn() {
    return factor < 1;
  }

  /** What follows from the next figure; lower is better. */
  Decisions next(Decisions before, double figure) {
    boolean isBetter = figure < before.plateauBest() - minDelta;
    double best = isBetter ? figure : before.plateauBest();
    int waited = isBetter ? 0 : before.plateauWaited() + 1;
    int coolDown = before.coolDown();
    if (coolDown > 0) {
      coolDown--;
      waited = 0;
    }
    double scale = before.rateScale();
    if (waited > patience) {
      scale = Math.max(minScale, scale * factor);
      coolDown = this.coolDown;
      waited = 0;
    }
    return before.withPlateau(scale, best, waited, coolDown);
  }
}
