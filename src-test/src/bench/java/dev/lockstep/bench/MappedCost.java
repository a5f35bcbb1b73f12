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
import dev.lockstep.init.InitScheme;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.schedule.Constant;
import dev.lockstep.source.DataMemory;
import java.io.IOException;
import java.util.List;

/**
 * What shards in a mapped file cost over shards in the heap, where the file is in the page cache:
 * the time of a sample of 60,000 digits, in one thread, over 784-256-128-64-10 with momentum and
 * over the smallest network there is. Sides take turns, epoch by epoch; figures are medians, speeds
 * of the file as shares of the heap's medians of the shares within a turn.
 */
public final class MappedCost {
  private static final int EXAMPLES = 60_000;
  private static final int WARM_UP = 2;
  private static final int TURNS = 11;

  private MappedCost() {}

  /** Prints a line for each network and batch. */
  public static void main(String[] args) throws IOException {
    List<String> large = List.of("dense 256 relu", "dense 128 relu", "dense 64 relu", "dense 10");
    System.out.printf("%-18s %6s %10s %10s %6s%n", "network", "batch", "heap us", "file us", "speed");
    for (List<String> layers : List.of(large, List.of("dense 10"))) {
      for (int batch : new int[] {128, 1024}) {
        compare(layers, batch);
      }
    }
  }

  private static void compare(List<String> layers, int batch) throws IOException {
    Side heap = new Side(layers, batch, ShardRoom.HEAP);
    Side file = new Side(layers, batch, new DataMemory(0));
    double[] heapMicros = new double[TURNS];
    double[] fileMicros = new double[TURNS];
    for (int turn = -WARM_UP; turn < TURNS; turn++) {
      double ofHeap = heap.sampleMicros();
      double ofFile = file.sampleMicros();
      if (turn >= 0) {
        heapMicros[turn] = ofHeap;
        fileMicros[turn] = ofFile;
      }
    }
    System.out.printf(
        "%-18s %6d %10.2f %10.2f %6.3f%n",
        layers.size() == 1 ? "784-10" : "784-256-128-64-10",
        batch,
        Samples.of(heapMicros).median(),
        Samples.of(fileMicros).median(),
        Samples.ratios(heapMicros, fileMicros).median());
  }

  /** One of the two. */
  private static final class Side {
    private final LocalEngine engine;
    private final int steps;
    private State state;

    Side(List<String> layers, int batch, ShardRoom room) throws IOException {
      SyntheticDigits digits = new SyntheticDigits(EXAMPLES, 1, Split.TRAIN);
      BatchPlan plan = new BatchPlan(EXAMPLES, batch, BatchPlan.autoShards(batch), 1, true);
      Training training =
          new Training(
              NetworkParser.parse(digits.features(), layers),
              new SoftmaxCrossEntropy(),
              new Momentum(0.9f, false),
              new Constant(0.01),
              plan);
      List<Shard> shards = Shard.read(digits, plan, 0, plan.shards(), 10, room);
      engine = new LocalEngine(training, shards, KernelChoice.of("auto").kernels());
      steps = (int) plan.stepsOf(0);
      state =
          State.initial(
              training, InitScheme.heNormal().parameters(training.network().layout(), 1));
    }

    /** Trains an epoch. */
    double sampleMicros() {
      long start = System.nanoTime();
      state = engine.advance(state, new Round(state.step(), steps)).state();
      return (System.nanoTime() - start) / 1e3 / EXAMPLES;
    }
  }
}
