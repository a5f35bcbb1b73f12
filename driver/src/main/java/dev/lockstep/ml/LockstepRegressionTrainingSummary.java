package dev.lockstep.ml;

import dev.lockstep.train.TableTraining;
import java.util.Optional;

/** How a regressor's training went; figures of the trained network over what it was trained on. */
public final class LockstepRegressionTrainingSummary extends LockstepRegressionSummary
    implements LockstepTrainingSummary {
  private static final long serialVersionUID = 1;

  private final TrainingHistory history;
  private final LockstepRegressionSummary held;

  LockstepRegressionTrainingSummary(TableTraining.Result result) {
    super(result.training());
    this.history = TrainingHistory.of(result);
    this.held = result.held().map(LockstepRegressionSummary::new).orElse(null);
  }

  @Override
  public TrainingHistory history() {
    return history;
  }

  /** Figures over the held-out rows, if there are any. */
  public Optional<LockstepRegressionSummary> heldOut() {
    return Optional.ofNullable(held);
  }
}
