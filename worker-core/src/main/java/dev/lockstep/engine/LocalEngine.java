package dev.lockstep.engine;

import dev.lockstep.data.Shard;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.gradient.ShardGradients;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.network.ParameterLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;

/**
 * The reference engine: plain Java in one thread. What it computes is what every engine must
 * compute.
 */
public final class LocalEngine implements Engine {
  private final ParameterLayout layout;
  private final ShardGradients gradients;
  private final StepEnd stepEnd;
  private Consumer<StepRecord> watcher = step -> {};
  private volatile boolean isCancelled;

  /** Over all shards of the training set. */
  public LocalEngine(Training training, List<Shard> shards, Kernels kernels) {
    this.layout = training.network().layout();
    this.gradients =
        new ShardGradients(training.network(), training.loss(), training.plan(), shards, kernels);
    this.stepEnd = new StepEnd(training, kernels);
  }

  @Override
  public String name() {
    return "local";
  }

  @Override
  public int ranks() {
    return 1;
  }

  @Override
  public RoundResult advance(State state, Round round) {
    round.checkFollows(state);
    long start = System.nanoTime();
    float[] parameters = state.parameters().toFlat();
    float[][] slots = state.slots().stream().map(SlicedVector::toFlat).toArray(float[][]::new);
    double[] squares = new double[layout.panels()];
    Monitors monitors = state.monitors();
    List<StepRecord> records = new ArrayList<>();
    for (long step = round.first(); step < round.end(); step++) {
      if (isCancelled) {
        throw new CancelledException();
      }
      NodeSum sum = gradients.sum(step, parameters).total();
      boolean isFinite =
          stepEnd.update(
              step, sum.examples(), layout.slices(), sum.gradient(), parameters, slots, squares);
      records.add(stepEnd.record(step, sum, squares, isFinite));
      monitors = stepEnd.monitors(monitors, step, sum);
      watcher.accept(records.get(records.size() - 1));
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

  @Override
  public void watch(Consumer<StepRecord> watcher) {
    this.watcher = watcher;
  }

  @Override
  public void cancel() {
    isCancelled = true;
  }

  @Override
  public void close() {}
}
