package dev.lockstep.compare;

import java.util.ArrayList;
import java.util.List;

/**
 * Places along a {@link Segment}, evenly apart.
 *
 * @param from the first
 * @param to the last, above it
 * @param points how many, from 2 to {@value #MOST}
 */
public record Places(double from, double to, int points) {
  public static final int MOST = 10_000;

  /** From as far before the first solution as they are apart to as far behind the second. */
  public static final Places AROUND = new Places(-1, 2, 31);

  public Places {
    if (points < 2 || points > MOST || !(from < to) || !Double.isFinite(to - from)) {
      throw new IllegalArgumentException(
          "from %s to %s with %d points: want a number, a larger one, and 2 to %d points"
              .formatted(from, to, points, MOST));
    }
  }

  /** All of them, in order. */
  public List<Double> all() {
    List<Double> all = new ArrayList<>();
    for (int i = 0; i < points; i++) {
      all.add(from + (to - from) * i / (points - 1));
    }
    return all;
  }
}
