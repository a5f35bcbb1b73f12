package dev.lockstep.gradient;

import java.io.Serializable;

/**
 * Where the gradient noise scale is measured: at some steps, on the micro-batches of some shards,
 * spread evenly. Neither depends on the number of ranks, and no other sum on whether anything is
 * measured.
 *
 * @param every at every so many steps; 0 for never
 * @param decay of the moving averages over measurements, 0 to below 1
 */
public record NoiseSampling(int every, double decay) implements Serializable {
  /** Never. */
  public static final NoiseSampling NONE = new NoiseSampling(0, 0);

  /** The most shards whose micro-batches are measured by themselves: it bounds what that costs. */
  private static final int MOST = 32;

  public NoiseSampling {
    if (every < 0) {
      throw new IllegalArgumentException("noise-scale.every = %d: want 0 or more".formatted(every));
    }
    if (!(decay >= 0 && decay < 1)) {
      throw new IllegalArgumentException(
          "noise-scale.decay = %s: want 0 to below 1".formatted(decay));
    }
  }

  /** Whether anything is ever measured. */
  public boolean isOn() {
    return every > 0;
  }

  /** Whether a step (from 0) is measured. */
  public boolean isMeasured(long step) {
    return isOn() && (step + 1) % every == 0;
  }

  /** Whether any shard of a node of the tree over V is measured by itself. */
  static boolean hasMeasured(Node node, int shards) {
    return measuredBefore(node.to(shards), shards) > measuredBefore(node.from(), shards);
  }

  private static long measuredBefore(int shard, int shards) {
    long measured = Math.min(MOST, shards);
    return shard == 0 ? 0 : (shard - 1L) * measured / shards + 1;
  }
}
