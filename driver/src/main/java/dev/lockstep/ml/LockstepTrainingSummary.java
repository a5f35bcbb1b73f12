package dev.lockstep.ml;

/** How a training went. */
public interface LockstepTrainingSummary {
  /** What happened from epoch to epoch. */
  TrainingHistory history();

  /** Mean loss of each epoch's steps. */
  default double[] objectiveHistory() {
    return TrainingHistory.array(history().objective());
  }

  /** Mean loss over the held-out rows, each time that training looked at them. */
  default double[] validationHistory() {
    return TrainingHistory.array(history().validation());
  }

  /** Epochs. */
  default int totalIterations() {
    return history().objective().size();
  }

  /** Steps. */
  default long totalSteps() {
    return history().steps();
  }
}
