package dev.lockstep.engine;

import java.io.Serializable;
import java.util.List;

/**
 * Takes the decisions of a run: a pure function of the state and a figure that follows from it,
 * asked at the moments that the configuration fixes.
 *
 * @param plateau lowers the rate
 * @param stop ends the run
 */
public record Decider(PlateauRule plateau, StopRule stop) implements Serializable {
  /** Decides nothing. */
  public static final Decider NONE = new Decider(PlateauRule.NONE, StopRule.NONE);

  /** Whether it decides anything. */
  public boolean isOn() {
    return plateau.isOn() || stop.isOn();
  }

  /**
   * The state with the decisions that follow.
   *
   * @param figure lower is better; NaN is never better
   */
  public State decide(Training training, State state, double figure) {
    Decisions decisions = state.monitors().decisions();
    if (plateau.isOn()) {
      decisions = plateau.next(decisions, figure);
    }
    List<SlicedVector> best = state.best();
    if (stop.isOn()) {
      decisions = stop.next(decisions, figure, state.step());
      if (stop.restoresBest() && decisions.bestStep() == state.step()) {
        best = List.of(state.model(training));
      }
    }
    return state.with(decisions, best);
  }
}
