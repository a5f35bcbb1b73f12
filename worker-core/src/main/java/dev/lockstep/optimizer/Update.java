package dev.lockstep.optimizer;

import dev.lockstep.schedule.Schedule;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;

/**
 * What becomes of parameters at the end of a step, in this order: the mean gradient is clipped,
 * penalties are added, weights decay, the optimiser moves the parameters, their norms are bounded,
 * and their average follows. An optimiser that scales rates layer by layer makes its directions
 * before weights decay.
 *
 * @param optimizer the rule
 * @param schedule the learning rate
 * @param clipping bounds the gradient
 * @param penalties keep weights small
 * @param averageDecay d of the moving average {@code a = d a + (1 - d) p}, which begins at the
 *     initial parameters (Polyak and Juditsky 1992; in this form as in TensorFlow's
 *     ExponentialMovingAverage); 0 for none
 */
public record Update(
    Optimizer optimizer,
    Schedule schedule,
    Clipping clipping,
    Penalties penalties,
    float averageDecay)
    implements Serializable {
  /** The name of the slot that holds the average. */
  public static final String AVERAGE = "average";

  public Update {
    if (!(averageDecay >= 0 && averageDecay < 1)) {
      throw new IllegalArgumentException(
          "average.decay = %s: want 0 or more, below 1".formatted(averageDecay));
    }
  }

  /** The rule alone. */
  public static Update of(Optimizer optimizer, Schedule schedule) {
    return new Update(optimizer, schedule, Clipping.NONE, Penalties.NONE, 0);
  }

  /** Whether there is an average. */
  public boolean hasAverage() {
    return averageDecay > 0;
  }

  /** The norms that it depends on, in the order in which they must be known. */
  public List<Measure> measures() {
    List<Measure> measures = new ArrayList<>();
    if (clipping.needsNorms()) {
      measures.add(Measure.GRADIENT);
    }
    if (optimizer instanceof LayerwiseOptimizer) {
      measures.add(Measure.LAYERS);
    }
    return measures;
  }

  /** The names of all vectors beside the parameters: the optimiser's, then the average. */
  public List<String> slots() {
    List<String> slots = new ArrayList<>(optimizer.slots());
    if (hasAverage()) {
      slots.add(AVERAGE);
    }
    return slots;
  }
}
