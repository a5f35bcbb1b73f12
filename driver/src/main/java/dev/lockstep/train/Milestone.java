package dev.lockstep.train;

import dev.lockstep.engine.LayerHealth;
import dev.lockstep.metric.Evaluation;
import java.util.List;
import java.util.Optional;

/**
 * What is known at the end of a round beside its steps.
 *
 * @param validation over what is held out, where it was evaluated
 * @param test over the test set, where it was evaluated
 * @param health of the layers, where an epoch ended
 */
record Milestone(
    Optional<Evaluation> validation, Optional<Evaluation> test, List<LayerHealth> health) {
  /** Nothing. */
  static final Milestone NONE = new Milestone(Optional.empty(), Optional.empty(), List.of());

  Milestone {
    health = List.copyOf(health);
  }
}
