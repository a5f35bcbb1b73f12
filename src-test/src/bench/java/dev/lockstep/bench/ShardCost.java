package dev.lockstep.bench;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.ShardRoom;
import dev.lockstep.gradient.NoiseSampling;
import java.io.IOException;
import java.util.ArrayList;
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
    List<LocalRounds> sides = new ArrayList<>();
    for (int shards : SHARDS) {
      BatchPlan plan = new BatchPlan(EXAMPLES, BATCH, shards, 1, true);
      sides.add(new LocalRounds(LocalRounds.LAYERS, plan, ShardRoom.HEAP, NoiseSampling.NONE));
    }
    double[][] micros = LocalRounds.inTurns(sides, WARM_UP, TURNS);
    System.out.printf("%6s %12s %12s%n", "V", "ms a step", "over V = 1");
    for (int i = 0; i < SHARDS.length; i++) {
      System.out.printf(
          Locale.ROOT,
          "%6d %12.2f %12.3f%n",
          SHARDS[i],
          Samples.of(micros[i]).median() * BATCH / 1e3,
          Samples.ratios(micros[i], micros[0]).median());
    }
  }
}
