package dev.lockstep.engine;

import dev.lockstep.network.ParameterLayout;
import dev.lockstep.optimizer.Update;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Everything that a round starts from and ends with; immutable.
 *
 * @param step steps done
 * @param seed the run's seed
 * @param parameters in panel order
 * @param slots the vectors of the update, in its order
 * @param best the parameters that did best so far, one vector, where a run may go back to them;
 *     otherwise none
 * @param monitors what the run watches
 */
public record State(
    long step,
    long seed,
    SlicedVector parameters,
    List<SlicedVector> slots,
    List<SlicedVector> best,
    Monitors monitors)
    implements Serializable {
  public State {
    slots = List.copyOf(slots);
    best = List.copyOf(best);
  }

  /** The state before the first step. */
  public static State initial(Training training, float[] parameters) {
    ParameterLayout layout = training.network().layout();
    SlicedVector first = SlicedVector.copyOf(parameters, layout);
    SlicedVector zeros = SlicedVector.copyOf(new float[layout.length()], layout);
    Update update = training.update();
    List<SlicedVector> slots =
        new ArrayList<>(Collections.nCopies(update.optimizer().slots().size(), zeros));
    if (update.hasAverage()) {
      slots.add(first);
    }
    return new State(0, training.plan().seed(), first, slots, List.of(), Monitors.NONE);
  }

  /** The state after more steps. */
  public State after(
      long step, SlicedVector parameters, List<SlicedVector> slots, Monitors monitors) {
    return new State(step, seed, parameters, slots, best, monitors);
  }

  /** What ranks need of it. */
  public State withoutBest() {
    return best.isEmpty() ? this : new State(step, seed, parameters, slots, List.of(), monitors);
  }

  /** With decisions taken, and perhaps new best parameters. */
  public State with(Decisions decisions, List<SlicedVector> best) {
    return new State(step, seed, parameters, slots, best, monitors.with(decisions));
  }

  /** At its goal, where the run ends: its model is made of what it has now. */
  public State atGoal() {
    return with(monitors.decisions().atGoal(step), List.of());
  }

  /** What a model is made of after the last step: the best parameters, where they are kept. */
  public SlicedVector finalModel(Training training) {
    return best.isEmpty() ? model(training) : best.get(0);
  }

  /** What a model is made of now: the average if there is one, otherwise the parameters. */
  public SlicedVector model(Training training) {
    return training.update().hasAverage() ? slots.get(slots.size() - 1) : parameters;
  }
}
