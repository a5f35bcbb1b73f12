package dev.lockstep.engine;

import dev.lockstep.gradient.NodeSum;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.network.ParameterLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The loop of a round for an engine that owns all slices in one place: it copies the state, sums,
 * updates, and makes the new state. Where the sums come from is the engine's.
 */
public final class WholeRound {
  /** Where the sums of a step come from. */
  @FunctionalInterface
  public interface StepSum {
    /**
     * The sum over all shards.
     *
     * @param step the step (from 0)
     * @param parameters in panel order
     * @return with the gradient of all places of panel order, which may be overwritten
     */
    NodeSum of(long step, float[] parameters);
  }

  private final Training training;
  private final StepEnd stepEnd;

  public WholeRound(Training training, Kernels kernels) {
    this.training = training;
    this.stepEnd = new StepEnd(training, kernels);
  }

  /**
   * Executes a round.
   *
   * @param watcher hears of every step
   * @throws DivergedException at the first step with a non-finite loss, norm, parameter or slot
   */
  public RoundResult run(State state, Round round, StepSum stepSum, Consumer<StepRecord> watcher) {
    long start = System.nanoTime();
    ParameterLayout layout = training.network().layout();
    float[] parameters = state.parameters().toFlat();
    float[][] slots = state.slots().stream().map(SlicedVector::toFlat).toArray(float[][]::new);
    double[] squares = new double[layout.panels()];
    Monitors monitors = state.monitors();
    List<StepRecord> records = new ArrayList<>();
    for (long step = round.first(); step < round.end(); step++) {
      NodeSum sum = stepSum.of(step, parameters);
      boolean isFinite =
          stepEnd.update(
              step, sum.examples(), layout.slices(), sum.gradient(), parameters, slots, squares);
      StepRecord record = stepEnd.record(step, sum, squares, isFinite);
      records.add(record);
      monitors = stepEnd.monitors(monitors, step, sum);
      watcher.accept(record);
    }
    State end =
        new State(
            round.end(),
            state.seed(),
            SlicedVector.copyOf(parameters, layout),
            Arrays.stream(slots).map(s -> SlicedVector.copyOf(s, layout)).toList(),
            monitors);
    return new RoundResult(end, records, System.nanoTime() - start);
  }
}
