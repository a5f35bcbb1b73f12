package dev.lockstep.bench;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.Shard;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticDigits;
import dev.lockstep.engine.LocalEngine;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.init.InitScheme;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.schedule.Constant;
import java.io.IOException;
import java.util.List;

/** The reference engine: one thread, no Spark. Rounds of an epoch. */
final class LocalSide implements Side {
  private final Training training;
  private final LocalEngine engine;
  private State state;

  LocalSide(int batch) throws IOException {
    SyntheticDigits digits = new SyntheticDigits(EXAMPLES, 1, Split.TRAIN);
    BatchPlan plan = new BatchPlan(EXAMPLES, batch, BatchPlan.autoShards(batch), 1, true);
    training =
        new Training(
            NetworkParser.parse(
                digits.features(),
                List.of("dense 256 relu", "dense 128 relu", "dense 64 relu", "dense 10")),
            new SoftmaxCrossEntropy(),
            new Momentum(0.9f, false),
            new Constant(0.01),
            plan);
    engine =
        new LocalEngine(
            training,
            Shard.read(digits, plan, 0, plan.shards(), training.network().outputs()),
            KernelChoice.of("auto").kernels());
    state =
        State.initial(training, InitScheme.heNormal().parameters(training.network().layout(), 1));
  }

  @Override
  public Speed run(double seconds) {
    long start = System.nanoTime();
    long examples = 0;
    double took;
    do {
      int steps = (int) training.plan().stepsOf(0);
      state = engine.advance(state, new Round(state.step(), steps)).state();
      examples += EXAMPLES;
      took = (System.nanoTime() - start) / 1e9;
    } while (took < seconds);
    return Speed.of(examples / took);
  }
}
