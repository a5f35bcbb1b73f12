package dev.lockstep.ml;

import dev.lockstep.metric.Evaluation;
import java.io.Serializable;

/**
 * How far a network's estimates are from the numbers of a table's rows. Every row counts once; only
 * the loss is weighted, as in training.
 */
public class LockstepRegressionSummary implements Serializable {
  private static final long serialVersionUID = 1;

  private final Evaluation evaluation;

  LockstepRegressionSummary(Evaluation evaluation) {
    this.evaluation = evaluation;
  }

  /** How many rows. */
  public long count() {
    return evaluation.examples();
  }

  /** The weighted mean of losses. */
  public double loss() {
    return evaluation.meanLoss();
  }

  /** The mean of squared errors. */
  public double meanSquaredError() {
    return evaluation.errors().meanSquaredError();
  }

  /** The root of it. */
  public double rootMeanSquaredError() {
    return Math.sqrt(meanSquaredError());
  }

  /** The mean of errors without their signs. */
  public double meanAbsoluteError() {
    return evaluation.errors().meanAbsoluteError();
  }

  /** 1 minus the sum of squared errors over that of deviations from the mean; at most 1. */
  public double r2() {
    return evaluation.errors().r2();
  }
}
