package dev.lockstep.metric;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * How far estimates of vectors are from their targets t[O]. Every example counts once, whatever its
 * weight.
 *
 * @param examples how many
 * @param squares of each output, the sum of (y - t)^2
 * @param absolutes of each output, the sum of |y - t|
 * @param means of each output, the mean of t
 * @param spreads of each output, the sum of (t - mean)^2
 */
public record VectorErrors(
    long examples,
    List<Double> squares,
    List<Double> absolutes,
    List<Double> means,
    List<Double> spreads)
    implements Serializable {
  /** Of no example. */
  public static final VectorErrors NONE =
      new VectorErrors(0, List.of(), List.of(), List.of(), List.of());

  public VectorErrors {
    squares = List.copyOf(squares);
    absolutes = List.copyOf(absolutes);
    means = List.copyOf(means);
    spreads = List.copyOf(spreads);
  }

  /** Whether there is no example. */
  public boolean isEmpty() {
    return examples == 0;
  }

  /** Mean over examples and outputs of (y - t)^2. */
  public double meanSquaredError() {
    return mean(squares);
  }

  /** Mean over examples and outputs of |y - t|. */
  public double meanAbsoluteError() {
    return mean(absolutes);
  }

  private double mean(List<Double> sums) {
    return sums.stream().reduce(0.0, Double::sum) / sums.size() / examples;
  }

  /**
   * The coefficient of determination: the mean over outputs of 1 - squares / spread. It is 1 for
   * perfect estimates, and 0 for those that are the mean everywhere. Where all targets of an output
   * are equal, it counts as 1 if all estimates are right, and as 0 otherwise, as scikit-learn's
   * {@code r2_score} has it.
   */
  public double r2() {
    double sum = 0;
    for (int o = 0; o < squares.size(); o++) {
      if (spreads.get(o) > 0) {
        sum += 1 - squares.get(o) / spreads.get(o);
      } else if (squares.get(o) == 0) {
        sum += 1;
      }
    }
    return sum / squares.size();
  }

  /**
   * Those of these examples and more. (Means and spreads: Chan, Golub and LeVeque, "Updating
   * Formulae and a Pairwise Algorithm for Computing Sample Variances", 1979, equation 2.1.)
   */
  VectorErrors plus(VectorErrors more) {
    if (isEmpty()) {
      return more;
    }
    if (more.isEmpty()) {
      return this;
    }
    List<Double> bothMeans = new ArrayList<>();
    List<Double> bothSpreads = new ArrayList<>();
    double share = (double) more.examples / (double) (examples + more.examples);
    for (int o = 0; o < means.size(); o++) {
      double delta = more.means.get(o) - means.get(o);
      bothMeans.add(means.get(o) + delta * share);
      bothSpreads.add(spreads.get(o) + more.spreads.get(o) + delta * delta * share * examples);
    }
    return new VectorErrors(
        examples + more.examples,
        sum(squares, more.squares),
        sum(absolutes, more.absolutes),
        bothMeans,
        bothSpreads);
  }

  private static List<Double> sum(List<Double> a, List<Double> b) {
    List<Double> sum = new ArrayList<>();
    for (int o = 0; o < a.size(); o++) {
      sum.add(a.get(o) + b.get(o));
    }
    return sum;
  }
}
