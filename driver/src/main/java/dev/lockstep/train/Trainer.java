package dev.lockstep.train;

import dev.lockstep.engine.DivergedException;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.State;

/** The training loop. */
final class Trainer {
  private final Compute compute;
  private final RoundPlan plan;
  private final Milestones milestones;
  private final TrainingListener listener;
  private final DivergenceReport report;

  Trainer(
      Compute compute,
      RoundPlan plan,
      Milestones milestones,
      TrainingListener listener,
      DivergenceReport report) {
    this.compute = compute;
    this.plan = plan;
    this.milestones = milestones;
    this.listener = listener;
    this.report = report;
  }

  /** Advances a state to the end of the plan, or to an early stop. */
  State train(State start) {
    State state = start;
    while (!plan.isDone(state)) {
      Round round = plan.nextRound(state);
      RoundResult result = advance(state, round);
      plan.observe(result);
      Milestone milestone = milestones.look(result.state(), compute);
      state = milestones.decide(result.state(), milestone);
      listener.onRound(result.with(state), milestone);
    }
    return state;
  }

  private RoundResult advance(State state, Round round) {
    try {
      return compute.engine().advance(state, round);
    } catch (DivergedException e) {
      throw report.locate(e, state);
    }
  }
}
