package dev.lockstep.train;

import dev.lockstep.engine.Engine;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.State;

/** The training loop. */
final class Trainer {
  private final Engine engine;
  private final RoundPlan plan;
  private final TrainingListener listener;

  Trainer(Engine engine, RoundPlan plan, TrainingListener listener) {
    this.engine = engine;
    this.plan = plan;
    this.listener = listener;
  }

  /** Advances a state to the end of the plan. */
  State train(State start) {
    State state = start;
    while (!plan.isDone(state)) {
      Round round = plan.nextRound(state);
      RoundResult result = engine.advance(state, round);
      state = result.state();
      plan.observe(result);
      listener.onRound(result);
    }
    return state;
  }
}
