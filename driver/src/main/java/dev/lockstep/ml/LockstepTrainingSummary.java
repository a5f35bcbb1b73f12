package dev.lockstep.ml;

import dev.lockstep.metric.ClassCounts;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.train.TableTraining;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;

/** How a training went; figures of the trained network over all rows that it was trained on. */
public final class LockstepTrainingSummary implements Serializable {
  private static final long serialVersionUID = 1;

  private final double[] objectiveHistory;
  private final long steps;
  private final Evaluation training;
  private final Evaluation held;
  private final List<Evaluation> validated;

  LockstepTrainingSummary(TableTraining.Result result) {
    this.objectiveHistory = result.objective().stream().mapToDouble(Double::doubleValue).toArray();
    this.steps = result.steps();
    this.training = result.training();
    this.held = result.held().orElse(null);
    this.validated = List.copyOf(result.validated());
  }

  /** Mean loss of each epoch's steps. */
  public double[] objectiveHistory() {
    return objectiveHistory.clone();
  }

  /** Mean loss over the held-out rows, each time that training looked at them. */
  public double[] validationHistory() {
    return validated.stream().mapToDouble(Evaluation::meanLoss).toArray();
  }

  /** Epochs. */
  public int totalIterations() {
    return objectiveHistory.length;
  }

  /** Steps. */
  public long totalSteps() {
    return steps;
  }

  /** Mean loss of the trained network. */
  public double loss() {
    return training.meanLoss();
  }

  /** The share of rows whose class is the predicted one. */
  public double accuracy() {
    return training.accuracy();
  }

  /** How often each class was taken for each. */
  public ClassCounts classes() {
    return training.classes();
  }

  /** Figures over the held-out rows, if there are any. */
  public Optional<Evaluation> heldOut() {
    return Optional.ofNullable(held);
  }
}
