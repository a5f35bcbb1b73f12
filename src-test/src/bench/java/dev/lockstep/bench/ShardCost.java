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
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What many shards cost: the time of a step of one rank at V = 1, 8, 64, 256, batch 4096, over
 * 784-256-128-64-10 with momentum. The four take turns, round by round, so that a noisy machine is
 * noisy for all; figures are medians, ratios are medians of ratios within a turn.
 */
public final class ShardCost {
  private static final int[] SHARDS = {1, 8, 64, 256};
  private static final int BATCH = 4096;
  private static final int EXAMPLES = 4 * BATCH;
  private static final int WARM_UP = 5;
  private static final int TURNS = 21;

  private ShardCost() {}

  /** Prints a table. */
  public static void main(String[] args) throws IOException {
    Side[] sides = new Side[SHARDS.length];
    for (int i = 0; i < sides.length; i++) {
      sides[i] = new Side(SHARDS[i]);
    }
    double[][] millis = new double[sides.length][TURNS];
    for (int turn = -WARM_UP; turn < TURNS; turn++) {
      for (int i = 0; i < sides.length; i++) {
        double time = sides[i].stepMillis();
        if (turn >= 0) {
          millis[i][turn] = time;
        }
      }
    }
    System.out.printf("%6s %12s %12s%n", "V", "ms a step", "over V = 1");
    for (int i = 0; i < sides.length; i++) {
      double[] ratios = new double[TURNS];
      for (int turn = 0; turn < TURNS; turn++) {
        ratios[turn] = millis[i][turn] / millis[0][turn];
      }
      System.out.printf(
          Locale.ROOT, "%6d %12.2f %12.3f%n", SHARDS[i], median(millis[i]), median(ratios));
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  /** One of the sides that are compared. */
  private static final class Side {
    private final LocalEngine engine;
    private State state;

    Side(int shards) throws IOException {
      SyntheticDigits digits = new SyntheticDigits(EXAMPLES, 1, Split.TRAIN);
      Training training =
          new Training(
              NetworkParser.parse(
                  digits.features(),
                  List.of("dense 256 relu", "dense 128 relu", "dense 64 relu", "dense 10")),
              new SoftmaxCrossEntropy(),
              new Momentum(0.9f, false),
              new Constant(0.01),
              new BatchPlan(EXAMPLES, BATCH, shards, 1, true));
      List<Shard> all = Shard.read(digits, training.plan(), 0, shards, 10);
      engine = new LocalEngine(training, all, KernelChoice.of("auto").kernels());
      state =
          State.initial(
              training, InitScheme.heNormal().parameters(training.network().layout(), 1));
    }

    /** The mean over an epoch. */
    double stepMillis() {
      int steps = EXAMPLES / BATCH;
      long start = System.nanoTime();
      state = engine.advance(state, new Round(state.step(), steps)).state();
      return (System.nanoTime() - start) / 1e6 / steps;
    }
  }
}
