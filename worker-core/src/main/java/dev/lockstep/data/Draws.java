package dev.lockstep.data;

import dev.lockstep.random.Philox;
import dev.lockstep.random.Purpose;

/** The random numbers of one synthetic example, in the order in which they are asked for. */
final class Draws {
  private final long seed;
  private final int index;
  private final int stream;
  private final int[] words = new int[4];
  private int blocks;
  private int used = words.length;

  /**
   * A sequence of its own for each triple.
   *
   * @param stream keeps sequences of one index apart
   */
  Draws(long seed, int index, int stream) {
    this.seed = seed;
    this.index = index;
    this.stream = stream;
  }

  /** 32 random bits. */
  int word() {
    if (used == words.length) {
      Philox.words(seed, Purpose.SYNTHETIC_DATA, index, stream, blocks++, words);
      used = 0;
    }
    return words[used++];
  }

  /** A whole number in [0, bound), for a small bound. */
  int below(int bound) {
    return (int) ((Integer.toUnsignedLong(word()) * bound) >>> 32);
  }

  /** Uniform in [low, high). */
  float uniform(float low, float high) {
    return low + (high - low) * Philox.toUniform(word());
  }

  /** Bell-shaped with the given standard deviation: a sum of four, so never beyond 3.5 of it. */
  float normal(float deviation) {
    float sum = uniform(0, 1) + uniform(0, 1) + uniform(0, 1) + uniform(0, 1);
    return (sum - 2) * 1.7320508f * deviation;
  }
}
