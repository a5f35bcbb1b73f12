package dev.lockstep.sweep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.train.Json;
import java.util.stream.DoubleStream;

/**
 * A figure over repetitions.
 *
 * @param count how many there are; without any the others are NaN
 * @param median of an even number the mean of the two in the middle
 */
public record Spread(int count, double min, double median, double mean, double max) {
  /** Of any numbers. */
  public static Spread of(DoubleStream values) {
    double[] sorted = values.sorted().toArray();
    int n = sorted.length;
    if (n == 0) {
      return new Spread(0, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }
    double sum = 0;
    for (double value : sorted) {
      sum += value;
    }
    double median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
    return new Spread(n, sorted[0], median, sum / n, sorted[n - 1]);
  }

  ObjectNode json() {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("count", count);
    json.put("min", min);
    json.put("median", median);
    json.put("mean", mean);
    json.put("max", max);
    return json;
  }
}
