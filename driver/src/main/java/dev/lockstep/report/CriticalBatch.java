package dev.lockstep.report;

import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/**
 * How steps to a goal fall with the batch size B: {@code steps = leastSteps (1 + size / B)}, which
 * is equation 2.11 of McCandlish et al. 2018, An Empirical Model of Large-Batch Training, for a
 * goal that takes {@code leastSteps} with the whole gradient. Below the critical size twice the
 * batch halves the steps; above it, it buys little; at it, a run takes twice the least steps.
 *
 * @param size the critical batch size, above 0
 * @param leastSteps steps that no batch can do without, above 0
 * @param error root of the mean square of {@code ln steps - ln fit}
 */
record CriticalBatch(double size, double leastSteps, double error) {
  /** With fewer sizes, two parameters would fit anything. */
  static final int FEWEST = 3;

  /** How far beyond the sizes that were tried the critical one is looked for. */
  private static final double REACH = 100;

  private static final int SCAN = 400;
  private static final int REFINEMENTS = 60;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  /**
   * The fit with the least squares of {@code ln steps}, so that a factor counts the same at any
   * size: for each critical size the best least steps are a mean, and the size is found by a scan
   * of its logarithm and a golden-section search about the best.
   *
   * @param points batch size and steps of each, both above 0
   * @return empty for fewer than {@value #FEWEST} sizes, or where the best size lies a hundred
   *     times beyond those tried: these points show no bend
   */
  static Optional<CriticalBatch> fit(List<double[]> points) {
    if (points.stream().mapToDouble(point -> point[0]).distinct().count() < FEWEST) {
      return Optional.empty();
    }
    double low =
        Math.log(points.stream().mapToDouble(point -> point[0]).min().orElseThrow() / REACH);
    double high =
        Math.log(points.stream().mapToDouble(point -> point[0]).max().orElseThrow() * REACH);
    DoubleUnaryOperator squares = logSize -> of(Math.exp(logSize), points).error;
    double step = (high - low) / SCAN;
    int best = 0;
    for (int s = 1; s <= SCAN; s++) {
      if (squares.applyAsDouble(low + s * step) < squares.applyAsDouble(low + best * step)) {
        best = s;
      }
    }
    if (best == 0 || best == SCAN) {
      return Optional.empty();
    }
    double from = low + (best - 1) * step;
    double to = low + (best + 1) * step;
    return Optional.of(of(Math.exp(least(squares, from, to)), points));
  }

  private static CriticalBatch of(double size, List<double[]> points) {
    double sum = 0;
    for (double[] point : points) {
      sum += rest(size, point);
    }
    double logLeast = sum / points.size();
    double squares = 0;
    for (double[] point : points) {
      double off = rest(size, point) - logLeast;
      squares += off * off;
    }
    return new CriticalBatch(size, Math.exp(logLeast), Math.sqrt(squares / points.size()));
  }

  private static double rest(double size, double[] point) {
    return Math.log(point[1]) - Math.log1p(size / point[0]);
  }

  private static double least(DoubleUnaryOperator of, double from, double to) {
    double low = from;
    double high = to;
    for (int i = 0; i < REFINEMENTS; i++) {
      double left = high - GOLDEN * (high - low);
      double right = low + GOLDEN * (high - low);
      if (of.applyAsDouble(left) < of.applyAsDouble(right)) {
        high = right;
      } else {
        low = left;
      }
    }
    return (low + high) / 2;
  }

  /** The steps that it gives for a batch size. */
  double steps(double batchSize) {
    return leastSteps * (1 + size / batchSize);
  }
}
