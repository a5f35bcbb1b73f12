package dev.lockstep.bench;

import java.util.Arrays;

/** Repeated measurements of one quantity, at least one. */
public final class Samples {
  private final double[] sorted;

  private Samples(double[] sorted) {
    this.sorted = sorted;
  }

  /** Of some values, in any order. */
  public static Samples of(double... values) {
    if (values.length == 0) {
      throw new IllegalArgumentException("no samples");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return new Samples(sorted);
  }

  /** The middle one, or the mean of the two in the middle. */
  public double median() {
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }

  /** The smallest. */
  public double min() {
    return sorted[0];
  }

  /** The largest. */
  public double max() {
    return sorted[sorted.length - 1];
  }

  /** How many. */
  public int count() {
    return sorted.length;
  }

  /** The quotients of two series that were measured by turns, pair by pair. */
  public static Samples ratios(double[] values, double[] over) {
    if (values.length != over.length) {
      throw new IllegalArgumentException(
          "%d values over %d: want pairs".formatted(values.length, over.length));
    }
    double[] ratios = new double[values.length];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = values[i] / over[i];
    }
    return of(ratios);
  }
}
