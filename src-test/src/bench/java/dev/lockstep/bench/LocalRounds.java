package dev.lockstep.bench;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.Shard;
import dev.lockstep.data.ShardRoom;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticDigits;
import dev.lockstep.engine.LocalEngine;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.gradient.NoiseSampling;
import dev.lockstep.init.InitScheme;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.optimizer.Update;
import dev.lockstep.schedule.Constant;
import java.io.IOException;
import java.util.List;

/** Training on synthetic digits in one thread, with momentum, timed epoch by epoch. */
final class LocalRounds {
  /** Those of the network of conf/mnist-mlp.conf. */
  static final List<String> LAYERS =
      List.of("dense 256 relu", "dense 128 relu", "dense 64 relu", "dense 10");

  private final BatchPlan plan;
  private final LocalEngine engine;
  private State state;

  LocalRounds(List<String> layers, BatchPlan plan, ShardRoom room, NoiseSampling noise)
      throws IOException {
    this.plan = plan;
    SyntheticDigits digits = new SyntheticDigits((int) plan.examples(), 1, Split.TRAIN);
    Training training =
        new Training(
            NetworkParser.parse(digits.features(), layers),
            new SoftmaxCrossEntropy(),
            Update.of(new Momentum(0.9f, false), new Constant(0.01)),
            plan,
            1,
            noise);
    List<Shard> shards = Shard.read(digits, plan, 0, plan.shards(), 10, room);
    engine = new LocalEngine(training, shards, KernelChoice.of("auto").kernels());
    state =
        State.initial(training, InitScheme.heNormal().parameters(training.network().layout(), 1));
  }

  /** Trains an epoch; microseconds for an example. */
  double exampleMicros() {
    int steps = (int) plan.stepsOf(0);
    long start = System.nanoTime();
    state = engine.advance(state, new Round(state.step(), steps)).state();
    return (System.nanoTime() - start) / 1e3 / (double) plan.examples();
  }

  /**
   * Lets sides take turns, so that a noisy machine is noisy for all of them.
   *
   * @return microseconds for an example, by side and turn
   */
  static double[][] inTurns(List<LocalRounds> sides, int warmUp, int turns) {
    double[][] micros = new double[sides.size()][turns];
    for (int turn = -warmUp; turn < turns; turn++) {
      for (int side = 0; side < sides.size(); side++) {
        double time = sides.get(side).exampleMicros();
        if (turn >= 0) {
          micros[side][turn] = time;
        }
      }
    }
    return micros;
  }
}
