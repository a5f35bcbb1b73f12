package dev.lockstep.layer;

import dev.lockstep.kernel.RowSegments;

/**
 * What layers are told of the rows of a block, beside their values.
 *
 * @param count B
 * @param segments how sums over rows go; null where nothing is learned
 * @param isTraining whether what is random in training is so now
 * @param seed of the run
 * @param step the step (from 0)
 * @param examples of each row the place of its example in the order of the data, for random numbers
 *     of its own; null where nothing is random
 */
public record Rows(
    int count, RowSegments segments, boolean isTraining, long seed, long step, int[] examples) {
  /** Rows that are only evaluated. */
  public static Rows evaluated(int count) {
    return new Rows(count, null, false, 0, 0, null);
  }

  /** Rows of a training step. */
  public static Rows training(RowSegments segments, long seed, long step, int[] examples) {
    return new Rows(segments.rows(), segments, true, seed, step, examples);
  }

  /** Rows that are learned from without anything random, as in a check of gradients. */
  public static Rows learned(RowSegments segments) {
    return new Rows(segments.rows(), segments, false, 0, 0, null);
  }
}
