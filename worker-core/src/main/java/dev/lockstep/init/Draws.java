package dev.lockstep.init;

import dev.lockstep.random.Philox;
import dev.lockstep.random.Purpose;

/**
 * Random weights W[I,O], in the order of files, [O, I]. Element (i, o) of the tensor with number k
 * draws from Philox under the counters (i, o div 4 or o div 2 or o, k).
 */
final class Draws {
  /** Counters of further tries lie this far apart: no network has as many tensors. */
  private static final int TRY = 1 << 20;

  private Draws() {}

  /** Uniform in ±scale. */
  static float[] uniform(int in, int out, int tensor, long seed, double scale) {
    float[] values = new float[Math.multiplyExact(in, out)];
    int[] words = new int[4];
    for (int i = 0; i < in; i++) {
      for (int o = 0; o < out; o++) {
        if (o % 4 == 0) {
          Philox.words(seed, Purpose.INITIAL_WEIGHTS, i, o / 4, tensor, words);
        }
        double unit = 2.0 * Philox.toUniform(words[o % 4]) - 1.0;
        values[o * in + i] = (float) (scale * unit);
      }
    }
    return values;
  }

  /** Normal with mean 0. */
  static float[] normal(int in, int out, int tensor, long seed, double deviation) {
    float[] values = new float[Math.multiplyExact(in, out)];
    int[] words = new int[4];
    double[] pair = new double[2];
    for (int i = 0; i < in; i++) {
      for (int o = 0; o < out; o++) {
        if (o % 2 == 0) {
          Philox.words(seed, Purpose.INITIAL_WEIGHTS, i, o / 2, tensor, words);
          gaussianPair(words[0], words[1], pair);
        }
        values[o * in + i] = (float) (deviation * pair[o % 2]);
      }
    }
    return values;
  }

  /** The first standard normal number of a place's own sequence that lies within ±bound. */
  static double truncatedNormal(int i, int o, int tensor, long seed, double bound, int[] words) {
    double[] pair = new double[2];
    for (int counter = tensor; ; counter += TRY) {
      Philox.words(seed, Purpose.INITIAL_WEIGHTS, i, o, counter, words);
      for (int w = 0; w < 4; w += 2) {
        gaussianPair(words[w], words[w + 1], pair);
        for (double number : pair) {
          if (Math.abs(number) <= bound) {
            return number;
          }
        }
      }
    }
  }

  /** Two independent standard normal numbers (Box and Muller 1958), the same on every JVM. */
  private static void gaussianPair(int word0, int word1, double[] pair) {
    double u = 1.0 - Philox.toUniform(word0);
    double angle = 2.0 * Math.PI * Philox.toUniform(word1);
    double radius = Math.sqrt(-2.0 * StrictMath.log(u));
    pair[0] = radius * StrictMath.cos(angle);
    pair[1] = radius * StrictMath.sin(angle);
  }
}
