package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;

/** Counts of each unit's outputs. */
final class UnitCounts {
  private static final double MOST_SATURATED = 0.75;

  private UnitCounts() {}

  /** Adds to each unit's count how many of its outputs y[B,O] lie between two values. */
  static void between(
      Kernels kernels, int rows, Panels y, float low, float high, int[] counts, int from) {
    for (int p = 0; p < y.count(); p++) {
      int first = p * Panels.WIDTH;
      int columns = Math.min(Panels.WIDTH, y.columns() - first);
      kernels
          .elements()
          .countBetween(y.data(), y.panel(p), rows, low, high, counts, from + first, columns);
    }
  }

  /** The part of all outputs that was not counted as within the range where slopes are steep. */
  static Health saturation(long[] counts, int from, int units, long examples) {
    double steep = 0;
    for (int unit = 0; unit < units; unit++) {
      steep += (double) counts[from + unit];
    }
    double saturated = examples == 0 ? 0 : 1 - steep / ((double) units * (double) examples);
    return new Health(
        "saturated",
        saturated,
        MOST_SATURATED,
        "flat units hardly learn; smaller initial weights, a lower learning rate or relu usually helps");
  }
}
