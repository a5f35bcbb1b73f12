package dev.lockstep.bench;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.ShardRoom;
import dev.lockstep.gradient.NoiseSampling;
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
    System.out.printf("%-18s %6s %10s %10s %6s%n", "network", "batch", "heap us", "file us", "speed");
    for (List<String> layers : List.of(LocalRounds.LAYERS, List.of("dense 10"))) {
      for (int batch : new int[] {128, 1024}) {
        compare(layers, batch);
      }
    }
  }

  private static void compare(List<String> layers, int batch) throws IOException {
    BatchPlan plan = new BatchPlan(EXAMPLES, batch, BatchPlan.autoShards(batch), 1, true);
    double[][] micros =
        LocalRounds.inTurns(
            List.of(
                new LocalRounds(layers, plan, ShardRoom.HEAP, NoiseSampling.NONE),
                new LocalRounds(layers, plan, new DataMemory(0), NoiseSampling.NONE)),
            WARM_UP,
            TURNS);
    System.out.printf(
        "%-18s %6d %10.2f %10.2f %6.3f%n",
        layers.size() == 1 ? "784-10" : "784-256-128-64-10",
        batch,
        Samples.of(micros[0]).median(),
        Samples.of(micros[1]).median(),
        Samples.ratios(micros[0], micros[1]).median());
  }
}
