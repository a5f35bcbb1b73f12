package dev.lockstep.engine;

import java.io.Serializable;
import java.util.List;

/**
 * What an epoch has come to so far.
 *
 * @param loss sum of the losses of its examples, times their weights
 * @param weight sum of their weights
 * @param examples how many those are
 * @param gradients of each matrix of parameters the squares of its mean gradient, summed over steps
 * @param updates of each matrix the squares of the change by the step that ended the epoch; zeros
 *     before
 * @param counts what the layers counted
 */
public record EpochSums(
    double loss,
    double weight,
    long examples,
    List<Double> gradients,
    List<Double> updates,
    List<Long> counts)
    implements Serializable {
  /** Of an epoch without a step. */
  public static final EpochSums NONE = new EpochSums(0, 0, 0, List.of(), List.of(), List.of());

  public EpochSums {
    gradients = List.copyOf(gradients);
    updates = List.copyOf(updates);
    counts = List.copyOf(counts);
  }

  /** The mean loss. */
  public double meanLoss() {
    return loss / weight;
  }
}
