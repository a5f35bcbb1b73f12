package dev.lockstep.spark;

import dev.lockstep.engine.Monitors;
import dev.lockstep.engine.StepRecord;
import java.io.Serializable;
import java.util.List;

/**
 * What a rank brings back from a round.
 *
 * @param slices the slices that it owns
 * @param records the steps; the same on every rank, so only rank 0 brings them
 * @param diverged the step that was not finite, or null
 * @param monitors the monitors at the end
 * @param nanos wall time of the steps
 */
record RankResult(
    List<SliceState> slices,
    List<StepRecord> records,
    StepRecord diverged,
    Monitors monitors,
    long nanos)
    implements Serializable {

  /**
   * The state of a slice.
   *
   * @param index its place among the slices of the layout
   * @param parameters its parameters
   * @param slots its part of the optimiser's vectors
   */
  record SliceState(int index, float[] parameters, List<float[]> slots) implements Serializable {}
}
