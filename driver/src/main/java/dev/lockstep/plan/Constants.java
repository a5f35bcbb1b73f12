package dev.lockstep.plan;

import dev.lockstep.bench.Samples;
import dev.lockstep.bench.cost.CostModel;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.HeapShard;
import dev.lockstep.data.Shard;
import dev.lockstep.engine.LocalEngine;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.init.InitScheme;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.optimizer.Update;
import dev.lockstep.schedule.Constant;
import dev.lockstep.spark.exchange.ExchangeProbe;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleSupplier;

/**
 * The two constants that a prediction rests on, measured on this machine in some seconds.
 *
 * @param computing seconds of a step of the whole batch on one core
 * @param frame seconds until a frame without content is read by another executor
 * @param perByte seconds a byte between two executors, each way at the same time
 */
public record Constants(double computing, double frame, double perByte) {
  private static final int TURNS = 9;
  private static final int ROUND_TRIPS = 100;
  private static final int FRAMES = 4;
  private static final int FLOATS = 1 << 16;
  private static final long WARM_UP_NANOS = 2_000_000_000;
  private static final double TURN_NANOS = 1e8;
  private static final int MAX_STEPS = 400;

  /** Of merging two sums: reading two floats and writing one, at what memory gives. */
  private static final double MERGE = 0.5e-9;

  /** What a step costs whatever its batch, of the parts that this knows nothing about. */
  private static final double UPDATE = 1e-9;

  /** Measures. */
  public static Constants measure(Training training, Kernels kernels) {
    double frame;
    double perByte;
    try (ExchangeProbe probe = ExchangeProbe.withoutSession()) {
      frame = median(() -> probe.latency(ROUND_TRIPS)) / 1e9;
      double large = median(() -> probe.exchange(FRAMES, FLOATS)) / 1e9;
      perByte = Math.max(0, large - frame) / ((double) FRAMES * FLOATS * Float.BYTES);
    }
    return new Constants(computing(training, kernels), frame, perByte);
  }

  private static double median(DoubleSupplier side) {
    long end = System.nanoTime() + WARM_UP_NANOS;
    do {
      double unused = side.getAsDouble();
    } while (System.nanoTime() < end);
    double[] values = new double[TURNS];
    Arrays.setAll(values, turn -> side.getAsDouble());
    return Samples.of(values).median();
  }

  private static double computing(Training training, Kernels kernels) {
    BatchPlan plan = training.plan();
    int batch = plan.largestBatch();
    Update update = training.update();
    Training still =
        new Training(
            training.network(),
            training.loss(),
            // A rate of 0: labels drawn at random teach nothing, and nothing diverges.
            new Update(
                update.optimizer(),
                new Constant(0),
                update.clipping(),
                update.penalties(),
                update.averageDecay()),
            new BatchPlan(batch, batch, plan.shards(), 1, true),
            1);
    State first =
        State.initial(still, InitScheme.heNormal().parameters(training.network().layout(), 1));
    try (LocalEngine engine = new LocalEngine(still, random(still), kernels)) {
      double one = engine.advance(first, new Round(0, 1)).nanos();
      int steps = (int) Math.max(1, Math.min(MAX_STEPS, TURN_NANOS / one));
      Round round = new Round(0, steps);
      return median(() -> engine.advance(first, round).nanos()) / steps / 1e9;
    }
  }

  private static List<Shard> random(Training training) {
    BatchPlan plan = training.plan();
    int features = training.network().inputs();
    SplittableRandom random = new SplittableRandom(1);
    List<Shard> shards = new ArrayList<>();
    for (int s = 0; s < plan.shards(); s++) {
      byte[] pixels = new byte[plan.itemsOf(s) * features];
      random.nextBytes(pixels);
      int[] labels = random.ints(plan.itemsOf(s), 0, training.classes()).toArray();
      shards.add(new HeapShard(s, features, pixels, labels));
    }
    return shards;
  }

  /** What a model of costs makes of them. */
  CostModel model(Training training) {
    double floats = training.network().layout().length();
    double perExample = Math.max(0, computing - UPDATE * floats) / training.plan().largestBatch();
    return new CostModel(frame, frame / 4, perByte, MERGE, UPDATE, 0, perExample, 5e-6);
  }
}
