package dev.lockstep.engine;

import dev.lockstep.network.ParameterLayout;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;

/**
 * Everything that a round starts from and ends with; immutable.
 *
 * @param step steps done
 * @param seed the run's seed
 * @param parameters in panel order
 * @param slots the optimiser's vectors, in its order
 * @param monitors what the run watches
 */
public record State(
    long step, long seed, SlicedVector parameters, List<SlicedVector> slots, Monitors monitors)
    implements Serializable {
  public State {
    slots = List.copyOf(slots);
  }

  /** The state before the first step. */
  public static State initial(Training training, float[] parameters) {
    ParameterLayout layout = training.network().layout();
    SlicedVector zeros = SlicedVector.copyOf(new float[layout.length()], layout);
    return new State(
        0,
        training.plan().seed(),
        SlicedVector.copyOf(parameters, layout),
        Collections.nCopies(training.optimizer().slots().size(), zeros),
        Monitors.NONE);
  }
}
