package dev.lockstep.train;

import dev.lockstep.config.ValidationConfig;
import dev.lockstep.engine.Decider;
import dev.lockstep.engine.Goal;
import dev.lockstep.engine.LayerHealth;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.metric.Evaluation;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The moments at which a run is looked at and decisions are taken: all follow from the state, so an
 * undisturbed run and one that was resumed take the same ones.
 */
final class Milestones {
  private final Training training;
  private final ValidationConfig validation;
  private final boolean holdsOut;
  private final boolean isTestedEveryEpoch;
  private final Decider decider;
  private final Optional<Goal> goal;

  /**
   * Of a run.
   *
   * @param holdsOut whether there is anything to validate with
   * @param isTestedEveryEpoch whether the test set is evaluated where an epoch ends
   */
  Milestones(
      Training training,
      ValidationConfig validation,
      boolean holdsOut,
      boolean isTestedEveryEpoch,
      Decider decider,
      Optional<Goal> goal) {
    this.training = training;
    this.validation = validation;
    this.holdsOut = holdsOut;
    this.isTestedEveryEpoch = isTestedEveryEpoch;
    this.decider = decider;
    this.goal = goal;
  }

  /** Looks at a state as the engine left it. */
  Milestone look(State state, Compute compute) {
    Optional<Evaluation> held =
        validates(state)
            ? Optional.of(compute.validate(state.model(training).toFlat()))
            : Optional.empty();
    if (!isEpochEnd(state)) {
      return new Milestone(held, Optional.empty(), List.of());
    }
    Optional<Evaluation> test =
        isTestedEveryEpoch ? compute.test(state.model(training).toFlat()) : Optional.empty();
    return new Milestone(held, test, LayerHealth.of(training, state));
  }

  private boolean isEpochEnd(State state) {
    return training.plan().isFirstOfEpoch(state.step());
  }

  private boolean validates(State state) {
    OptionalInt every = validation.everySteps();
    return holdsOut && (every.isEmpty() ? isEpochEnd(state) : state.step() % every.getAsInt() == 0);
  }

  /** The state with what follows from a look at it. */
  State decide(State state, Milestone milestone) {
    State next = rateAndPatience(state, milestone);
    return goal.isPresent() && isReached(goal.get(), state, milestone) ? next.atGoal() : next;
  }

  private boolean isReached(Goal goal, State state, Milestone milestone) {
    return switch (goal.figure()) {
      case VALIDATION_ACCURACY ->
          milestone.validation().filter(v -> goal.isReachedBy(v.accuracy())).isPresent();
      case VALIDATION_LOSS ->
          milestone.validation().filter(v -> goal.isReachedBy(v.meanLoss())).isPresent();
      case TRAIN_LOSS -> isEpochEnd(state) && goal.isReachedBy(state.monitors().epoch().meanLoss());
    };
  }

  private State rateAndPatience(State state, Milestone milestone) {
    if (!decider.isOn()) {
      return state;
    }
    if (milestone.validation().isPresent()) {
      return decider.decide(training, state, figure(milestone.validation().get()));
    }
    return !holdsOut && isEpochEnd(state)
        ? decider.decide(training, state, state.monitors().epoch().meanLoss())
        : state;
  }

  /** Lower is better. */
  private double figure(Evaluation evaluation) {
    return validation.metric().equals("accuracy")
        ? 1 - evaluation.accuracy()
        : evaluation.meanLoss();
  }
}
