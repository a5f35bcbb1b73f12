package dev.lockstep.bench;

import java.util.Arrays;

/** How a cost grows with a size. */
final class Growth {
  private Growth() {}

  /**
   * The local exponent e of {@code cost ~ size^e} between two measurements: the slope in a log-log
   * plot. 0 is flat, 1 linear, 2 quadratic.
   */
  static double exponent(double size, double cost, double largerSize, double largerCost) {
    return Math.log(largerCost / cost) / Math.log(largerSize / size);
  }

  /**
   * A straight line, {@code cost = fixed + each * size}.
   *
   * @param fixed cost at size 0
   * @param each cost of one more
   */
  record Line(double fixed, double each) {
    /** Through points, such that the sum of the squares of relative errors is least. */
    static Line through(double[] sizes, double[] costs) {
      if (sizes.length != costs.length || Arrays.stream(sizes).distinct().count() < 2) {
        throw new IllegalArgumentException(
            "%d sizes and %d costs: want 2 or more points at different sizes"
                .formatted(sizes.length, costs.length));
      }
      // Normal equations of sum ((fixed + each x) / y - 1)^2.
      double ww = 0;
      double wx = 0;
      double xx = 0;
      double w = 0;
      double x = 0;
      for (int i = 0; i < sizes.length; i++) {
        double a = 1 / costs[i];
        double b = sizes[i] / costs[i];
        ww += a * a;
        wx += a * b;
        xx += b * b;
        w += a;
        x += b;
      }
      double determinant = ww * xx - wx * wx;
      return new Line((w * xx - x * wx) / determinant, (ww * x - wx * w) / determinant);
    }

    /** Its cost at a size. */
    double at(double size) {
      return fixed + each * size;
    }
  }
}
