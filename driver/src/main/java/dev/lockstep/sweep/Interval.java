package dev.lockstep.sweep;

import java.math.BigDecimal;
import java.math.MathContext;

/**
 * An interval of numbers to search.
 *
 * @param from its lower end
 * @param to its upper end, above the lower
 * @param isLog whether equal ratios are equal distances, for which both ends are above 0
 * @param isWhole whether only whole numbers count
 */
record Interval(double from, double to, boolean isLog, boolean isWhole) {
  /** Enough to tell points apart, few enough to be read. */
  private static final MathContext DIGITS = new MathContext(6);

  /**
   * The number at a place of the interval, to six digits, so that a table can show what was tried.
   *
   * @param place 0 for the lower end, 1 for the upper
   */
  double at(double place) {
    if (place <= 0) {
      return from;
    }
    if (place >= 1) {
      return to;
    }
    double exact =
        isLog
            ? from * StrictMath.exp(place * StrictMath.log(to / from))
            : from + place * (to - from);
    return isWhole ? Math.rint(exact) : new BigDecimal(exact).round(DIGITS).doubleValue();
  }
}
