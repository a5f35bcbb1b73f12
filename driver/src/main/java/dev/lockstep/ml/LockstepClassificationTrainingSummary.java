package dev.lockstep.ml;

import dev.lockstep.train.TableTraining;
import java.util.Optional;

/** How a classifier's training went; figures of the trained network over what it was trained on. */
public final class LockstepClassificationTrainingSummary extends LockstepClassificationSummary
    implements LockstepTrainingSummary {
  private static final long serialVersionUID = 1;

  private final TrainingHistory history;
  private final LockstepClassificationSummary held;

  LockstepClassificationTrainingSummary(TableTraining.Result result) {
    super(result.training());
    this.history = TrainingHistory.of(result);
    this.held = result.held().map(LockstepClassificationSummary::new).orElse(null);
  }

  @Override
  public TrainingHistory history() {
    return history;
  }

  /** Figures over the held-out rows, if there are any. */
  public Optional<LockstepClassificationSummary> heldOut() {
    return Optional.ofNullable(held);
  }
}
