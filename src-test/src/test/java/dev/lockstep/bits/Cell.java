package dev.lockstep.bits;

import dev.lockstep.data.BatchGrowth;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Shard;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticDigits;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.LocalEngine;
import dev.lockstep.engine.Monitors;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.engine.Training;
import dev.lockstep.gradient.NoiseSampling;
import dev.lockstep.init.InitScheme;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.kernel.Panels;
import dev.lockstep.loss.Losses;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.optimizer.Clipping;
import dev.lockstep.optimizer.Optimizer;
import dev.lockstep.optimizer.OptimizerKind;
import dev.lockstep.optimizer.Optimizers;
import dev.lockstep.optimizer.Penalties;
import dev.lockstep.optimizer.Update;
import dev.lockstep.schedule.Constant;
import dev.lockstep.setting.Settings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One setting within which all bits must be equal: everything that a result depends on.
 *
 * @param examples n
 * @param batchSize B
 * @param shards V
 * @param optimizer by name, with its defaults
 * @param epochs how many
 * @param seed the seed
 * @param extras what goes beyond dense layers and an optimiser
 */
record Cell(
    int examples,
    int batchSize,
    int shards,
    String optimizer,
    int epochs,
    long seed,
    Extras extras) {
  static final int CLASSES = 10;

  /** Dense layers and an optimiser alone. */
  Cell(int examples, int batchSize, int shards, String optimizer, int epochs, long seed) {
    this(examples, batchSize, shards, optimizer, epochs, seed, Extras.NONE);
  }

  /**
   * What a training may have beside its optimiser.
   *
   * @param layers of the network
   * @param clipping of the gradient
   * @param penalties of weights
   * @param averageDecay of the moving average, 0 for none
   * @param accumulate groups in which ranks walk their shards
   * @param loss by name
   * @param growth of the batch
   * @param noise when it is measured
   */
  record Extras(
      List<String> layers,
      Clipping clipping,
      Penalties penalties,
      float averageDecay,
      int accumulate,
      String loss,
      BatchGrowth growth,
      NoiseSampling noise) {
    static final Extras NONE =
        new Extras(
            List.of("dense 37 relu", "dense 20 tanh", "dense 10"),
            Clipping.NONE,
            Penalties.NONE,
            0,
            1,
            "softmax-cross-entropy",
            BatchGrowth.NONE,
            NoiseSampling.NONE);

    Extras with(Clipping clipping) {
      return new Extras(layers, clipping, penalties, averageDecay, accumulate, loss, growth, noise);
    }

    Extras with(Penalties penalties) {
      return new Extras(layers, clipping, penalties, averageDecay, accumulate, loss, growth, noise);
    }

    Extras averaged(float decay) {
      return new Extras(layers, clipping, penalties, decay, accumulate, loss, growth, noise);
    }

    Extras accumulated(int groups) {
      return new Extras(layers, clipping, penalties, averageDecay, groups, loss, growth, noise);
    }

    Extras of(String... layers) {
      return new Extras(
          List.of(layers), clipping, penalties, averageDecay, accumulate, loss, growth, noise);
    }

    Extras growing(BatchGrowth growth, NoiseSampling noise) {
      return new Extras(layers, clipping, penalties, averageDecay, accumulate, loss, growth, noise);
    }

    Extras losing(String loss) {
      return new Extras(layers, clipping, penalties, averageDecay, accumulate, loss, growth, noise);
    }
  }

  ExampleSource source() {
    return new SyntheticDigits(examples, seed, Split.TRAIN);
  }

  BatchPlan plan() {
    return new BatchPlan(examples, batchSize, shards, seed, true, extras.growth());
  }

  Training training() {
    Network network = NetworkParser.parse(source().features(), extras.layers());
    Update update =
        new Update(
            rule(),
            new Constant(rate()),
            extras.clipping(),
            extras.penalties(),
            extras.averageDecay());
    return new Training(
        network, Losses.of(extras.loss()), update, plan(), extras.accumulate(), extras.noise());
  }

  private Optimizer rule() {
    OptimizerKind kind = Optimizers.KINDS.get(optimizer);
    return kind.create(Settings.defaults(kind));
  }

  private double rate() {
    return List.of("sgd", "momentum", "nesterov").contains(optimizer) ? 0.02 : 0.001;
  }

  State start() {
    Training training = training();
    return State.initial(
        training, InitScheme.heNormal().parameters(training.network().layout(), seed));
  }

  /** What the reference engine with the scalar kernels makes of it. */
  Outcome reference() throws IOException {
    return local("scalar", Integer.MAX_VALUE);
  }

  /** What the local engine makes of it. */
  Outcome local(String kernel, int roundSteps) throws IOException {
    List<Shard> all = Shard.read(source(), plan(), 0, shards, CLASSES);
    try (Engine engine = new LocalEngine(training(), all, KernelChoice.of(kernel).kernels())) {
      return run(engine, roundSteps);
    }
  }

  /** Runs all epochs, in rounds of at most so many steps that end at epoch ends. */
  Outcome run(Engine engine, int roundSteps) {
    return Outcome.of(engine, start(), plan(), epochs, roundSteps);
  }

  /**
   * All bits that a run gives.
   *
   * @param vectors parameters and slots, as raw bits
   * @param records its steps
   * @param monitors what the run watched
   */
  record Outcome(List<List<Integer>> vectors, List<StepRecord> records, Monitors monitors) {
    /** Runs an engine for some epochs, in rounds that end at epoch ends. */
    static Outcome of(Engine engine, State start, BatchPlan plan, int epochs, int roundSteps) {
      State state = start;
      List<StepRecord> records = new ArrayList<>();
      while (state.step() < plan.firstStepOf(epochs)) {
        long left = plan.firstStepOf(plan.epochOf(state.step()) + 1) - state.step();
        RoundResult result =
            engine.advance(state, new Round(state.step(), (int) Math.min(roundSteps, left)));
        state = result.state();
        records.addAll(result.records());
      }
      List<List<Integer>> vectors = new ArrayList<>();
      vectors.add(bits(state.parameters().toFlat()));
      state.slots().forEach(slot -> vectors.add(bits(slot.toFlat())));
      return new Outcome(vectors, List.copyOf(records), state.monitors());
    }

    /** The bits from where the first matrix begins. */
    private static List<Integer> bits(float[] values) {
      Integer[] bits = new Integer[values.length - Panels.START];
      for (int i = 0; i < bits.length; i++) {
        bits[i] = Float.floatToRawIntBits(values[Panels.START + i]);
      }
      return Arrays.asList(bits);
    }
  }
}
