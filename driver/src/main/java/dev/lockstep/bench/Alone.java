package dev.lockstep.bench;

import dev.lockstep.data.Shard;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticDigits;
import dev.lockstep.engine.LocalEngine;
import dev.lockstep.engine.Training;
import dev.lockstep.kernel.Kernels;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * The reference engine in one thread, over as many digits as its plan wants.
 *
 * @param side the engine
 * @param loadNanos how long its data took to draw
 */
record Alone(Side side, long loadNanos) {
  private static final long WARM_UP_NANOS = 300_000_000;

  static Alone load(Training training, Kernels kernels) throws IOException {
    int examples = Math.toIntExact(training.plan().examples());
    long start = System.nanoTime();
    List<Shard> shards =
        Shard.read(
            new SyntheticDigits(examples, 1, Split.TRAIN),
            training.plan(),
            0,
            training.plan().shards(),
            training.classes());
    long loadNanos = System.nanoTime() - start;
    return new Alone(Side.of(new LocalEngine(training, shards, kernels), training), loadNanos);
  }

  /** Steps of some engines by turns: nanoseconds of a step of each. */
  static Turns byTurns(int warmUps, int turns, List<Alone> engines) {
    List<DoubleSupplier> sides = new ArrayList<>();
    for (Alone alone : engines) {
      int steps = alone.side.warmUp(WARM_UP_NANOS);
      sides.add(() -> alone.side.stepWithin(steps));
    }
    return Turns.of(warmUps, turns, sides);
  }
}
