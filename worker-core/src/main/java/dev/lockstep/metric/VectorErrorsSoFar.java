package dev.lockstep.metric;

import dev.lockstep.kernel.Panels;
import dev.lockstep.loss.Loss;
import dev.lockstep.loss.Targets;
import java.util.Arrays;
import java.util.List;

/** {@link VectorErrors} of a shard in the making, example after example. */
final class VectorErrorsSoFar {
  private long examples;
  private final double[] squares;
  private final double[] absolutes;
  private final double[] means;
  private final double[] spreads;

  VectorErrorsSoFar(int outputs) {
    squares = new double[outputs];
    absolutes = new double[outputs];
    means = new double[outputs];
    spreads = new double[outputs];
  }

  /**
   * Adds a row. (Mean and spread: Welford, "Note on a Method for Calculating Corrected Sums of
   * Squares and Products", Technometrics 4, 1962.)
   */
  void add(Loss loss, Panels y, Targets targets, int row) {
    examples++;
    for (int o = 0; o < squares.length; o++) {
      double target = targets.value(row, o, squares.length);
      double error = loss.estimate(y.get(row, o)) - target;
      squares[o] += error * error;
      absolutes[o] += Math.abs(error);
      double delta = target - means[o];
      means[o] += delta / examples;
      spreads[o] += delta * (target - means[o]);
    }
  }

  VectorErrors errors() {
    return examples == 0
        ? VectorErrors.NONE
        : new VectorErrors(examples, list(squares), list(absolutes), list(means), list(spreads));
  }

  private static List<Double> list(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
