package dev.lockstep.bench;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.ShardRoom;
import dev.lockstep.gradient.NoiseSampling;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What measuring the gradient noise scale costs: the time of an example of 60,000 digits, in one
 * thread, over 784-256-128-64-10 with momentum, without it and at every 100th, 20th and single step.
 * Sides take turns, epoch by epoch; figures are medians, ratios medians of the ratios within a turn.
 */
public final class NoiseCost {
  private static final int[] EVERY = {0, 100, 20, 1};
  private static final int EXAMPLES = 60_000;
  private static final int WARM_UP = 3;
  private static final int TURNS = 21;

  private NoiseCost() {}

  /** Prints a line for each batch. */
  public static void main(String[] args) throws IOException {
    System.out.printf(
        "%6s %6s %12s %12s %12s %12s%n", "batch", "V", "us, never", "every 100", "every 20", "every 1");
    for (int batch : new int[] {32, 128, 1024, 8192}) {
      int shards = BatchPlan.autoShards(batch);
      BatchPlan plan = new BatchPlan(EXAMPLES, batch, shards, 1, true);
      List<LocalRounds> sides = new ArrayList<>();
      for (int every : EVERY) {
        NoiseSampling noise = new NoiseSampling(every, 0.9);
        sides.add(new LocalRounds(LocalRounds.LAYERS, plan, ShardRoom.HEAP, noise));
      }
      double[][] micros = LocalRounds.inTurns(sides, WARM_UP, TURNS);
      System.out.printf(
          Locale.ROOT, "%6d %6d %12.2f", batch, shards, Samples.of(micros[0]).median());
      for (int i = 1; i < EVERY.length; i++) {
        System.out.printf(Locale.ROOT, " %12.3f", Samples.ratios(micros[i], micros[0]).median());
      }
      System.out.println();
    }
  }
}
