package dev.lockstep.engine;

import dev.lockstep.gradient.NodeSum;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.optimizer.Measure;
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
  private final Kernels kernels;

  public WholeRound(Training training, Kernels kernels) {
    this.training = training;
    this.kernels = kernels;
  }

  /**
   * Executes a round.
   *
   * @param watcher hears of every step
   * @throws DivergedException at the first step with a non-finite loss, norm, parameter or slot
   */
  public RoundResult run(State state, Round round, StepSum stepSum, Consumer<StepRecord> watcher) {
    long start = System.nanoTime();
    StepClock clock = new StepClock();
    ParameterLayout layout = training.network().layout();
    float[] parameters = state.parameters().toFlat();
    float[][] slots = state.slots().stream().map(SlicedVector::toFlat).toArray(float[][]::new);
    StepEnd stepEnd = new StepEnd(training, state.monitors().decisions(), kernels);
    PanelSquares squares = PanelSquares.of(layout);
    EpochTally tally = new EpochTally(training, state.monitors().epoch());
    List<StepRecord> records = new ArrayList<>();
    for (long step = round.first(); step < round.end(); step++) {
      NodeSum sum = stepSum.of(step, parameters);
      for (Measure measure : stepEnd.measures()) {
        stepEnd.measure(
            measure, step, sum, layout.slices(), sum.gradient(), parameters, slots, squares);
      }
      boolean isFinite =
          stepEnd.update(step, sum, layout.slices(), sum.gradient(), parameters, slots, squares);
      StepRecord record = stepEnd.record(step, sum, squares, isFinite);
      records.add(record);
      tally.add(step, sum, squares);
      watcher.accept(record);
      clock.endStep();
    }
    State end =
        state.after(
            round.end(),
            SlicedVector.copyOf(parameters, layout),
            Arrays.stream(slots).map(s -> SlicedVector.copyOf(s, layout)).toList(),
            state.monitors().after(records, tally.sums(), training.noise()));
    RankTimes rank = new RankTimes("", clock.split(0));
    RoundTimes times = new RoundTimes(List.of(rank), clock.steps());
    return new RoundResult(end, records, System.nanoTime() - start, times);
  }
}
