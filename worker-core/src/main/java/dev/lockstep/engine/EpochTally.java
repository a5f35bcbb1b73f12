package dev.lockstep.engine;

import dev.lockstep.gradient.NodeSum;
import dev.lockstep.network.ParameterLayout;
import java.util.Arrays;

/** Adds steps to the sums of their epoch; for use by one thread in one round. */
public final class EpochTally {
  private final Training training;
  private final ParameterLayout layout;
  private double loss;
  private double weight;
  private long examples;
  private final double[] gradients;
  private final double[] updates;
  private final long[] counts;

  /** A tally that goes on from what an epoch has come to. */
  public EpochTally(Training training, EpochSums before) {
    this.training = training;
    this.layout = training.network().layout();
    this.loss = before.loss();
    this.weight = before.weight();
    this.examples = before.examples();
    this.gradients = new double[layout.matrices()];
    this.updates = new double[layout.matrices()];
    this.counts = new long[training.network().counts()];
    for (int m = 0; m < before.gradients().size(); m++) {
      gradients[m] = before.gradients().get(m);
      updates[m] = before.updates().get(m);
    }
    for (int c = 0; c < before.counts().size(); c++) {
      counts[c] = before.counts().get(c);
    }
  }

  /**
   * Adds a step.
   *
   * @param step the step (from 0); the first of an epoch begins new sums
   * @param total its sums; the gradient is not read
   */
  public void add(long step, NodeSum total, PanelSquares squares) {
    if (training.plan().isFirstOfEpoch(step)) {
      clear();
    }
    loss += total.loss();
    weight += total.weight();
    examples += total.examples();
    boolean isLast = training.plan().isLastOfEpoch(step);
    for (int p = 0; p < layout.panels(); p++) {
      gradients[layout.matrixOf(p)] += squares.gradients()[p];
      if (isLast) {
        updates[layout.matrixOf(p)] += squares.updates()[p];
      }
    }
    for (int c = 0; c < total.counts().length; c++) {
      counts[c] += total.counts()[c];
    }
  }

  private void clear() {
    loss = 0;
    weight = 0;
    examples = 0;
    Arrays.fill(gradients, 0);
    Arrays.fill(updates, 0);
    Arrays.fill(counts, 0);
  }

  /** What the epoch has come to. */
  public EpochSums sums() {
    return new EpochSums(
        loss,
        weight,
        examples,
        Arrays.stream(gradients).boxed().toList(),
        Arrays.stream(updates).boxed().toList(),
        Arrays.stream(counts).boxed().toList());
  }
}
