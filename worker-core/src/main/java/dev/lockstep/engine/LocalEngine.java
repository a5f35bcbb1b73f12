package dev.lockstep.engine;

import dev.lockstep.data.Shard;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.gradient.ShardGradients;
import dev.lockstep.kernel.Kernels;
import java.util.List;
import java.util.function.Consumer;

/**
 * The reference engine: plain Java in one thread. What it computes is what every engine must
 * compute.
 */
public final class LocalEngine implements Engine {
  private final ShardGradients gradients;
  private final WholeRound wholeRound;
  private Consumer<StepRecord> watcher = step -> {};
  private volatile boolean isCancelled;

  /** Over all shards of the training set. */
  public LocalEngine(Training training, List<Shard> shards, Kernels kernels) {
    this.gradients =
        new ShardGradients(
            training.network(),
            training.loss(),
            training.plan(),
            shards,
            training.accumulate(),
            training.noise(),
            kernels);
    this.wholeRound = new WholeRound(training, kernels);
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
    return wholeRound.run(state, round, this::sum, watcher);
  }

  private NodeSum sum(long step, float[] parameters) {
    if (isCancelled) {
      throw new CancelledException();
    }
    return gradients.sum(step, parameters).total();
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
