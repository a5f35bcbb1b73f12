package dev.lockstep.sweep;

import java.util.Comparator;
import java.util.List;

/**
 * Early stopping of hopeless trials: after each rung only the best share of a cell's trials goes
 * on, the rungs growing by as much as their number shrinks (successive halving; Jamieson and
 * Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter Optimization", 2016). All
 * trials of a rung are waited for, so that the outcome depends on no order of arrival.
 *
 * @param rungs how many, 2 or more; the last one goes to the end of the budget
 * @param keep the share that goes on, above 0 and below 1
 * @param firstEpochs epochs of the first rung, 1 or more
 */
record Halving(int rungs, double keep, int firstEpochs) {
  /**
   * Epochs at which a rung ends, counted from the start of the trial.
   *
   * @param rung from 0
   */
  int epochs(int rung) {
    return (int)
        Math.min(Integer.MAX_VALUE, Math.rint(firstEpochs * StrictMath.pow(1 / keep, rung)));
  }

  /**
   * Trials after a rung, the best first: those at their goal, then by the figure that is selected
   * by, the diverged last; of equals the first.
   */
  List<Outcome> ranked(List<Outcome> outcomes, Selection select) {
    Comparator<Outcome> order =
        Comparator.comparingInt((Outcome outcome) -> group(outcome))
            .thenComparingDouble(o -> select.cost(o).orElse(Double.POSITIVE_INFINITY))
            .thenComparingInt(outcome -> outcome.trial().number());
    return outcomes.stream().sorted(order).toList();
  }

  private static int group(Outcome outcome) {
    if (outcome.status() == Status.INFEASIBLE) {
      return 2;
    }
    boolean isAtGoal =
        outcome.status() == Status.COMPLETE && outcome.trial().config().stop().goal().isPresent();
    return isAtGoal ? 0 : 1;
  }

  /** How many of so many trials go on after a rung, at least 1. */
  int kept(int trials) {
    return Math.max(1, (int) Math.ceil(trials * keep));
  }
}
