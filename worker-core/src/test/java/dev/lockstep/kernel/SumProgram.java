package dev.lockstep.kernel;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;

/**
 * How the rows of some shards are summed, from the definition: a node over [lo, hi) splits at lo
 * plus the largest power of two below hi - lo, and a shard without rows is no operand.
 *
 * @param counts rows of each shard
 */
record SumProgram(int[] counts) {
  /** So many rows dealt to shards of 0 to {@code most} rows. */
  static SumProgram random(int rows, int most, SplittableRandom random) {
    List<Integer> counts = new ArrayList<>();
    int left = rows;
    while (left > 0) {
      int count = Math.min(left, random.nextInt(most + 1));
      counts.add(count);
      left -= count;
    }
    return new SumProgram(counts.stream().mapToInt(Integer::intValue).toArray());
  }

  int rows() {
    return Arrays.stream(counts).sum();
  }

  /** What the kernels are given. */
  RowSegments segments() {
    RowSegments.Builder program = new RowSegments.Builder();
    write(0, counts.length, program);
    return program.build(false);
  }

  /** Writes the program of [lo, hi); whether it has any rows. */
  private boolean write(int lo, int hi, RowSegments.Builder program) {
    if (hi - lo == 1) {
      if (counts[lo] > 0) {
        program.addRun(counts[lo]);
      }
      return counts[lo] > 0;
    }
    boolean hasLeft = write(lo, split(lo, hi), program);
    boolean hasRight = write(split(lo, hi), hi, program);
    if (hasLeft && hasRight) {
      program.merge();
    }
    return hasLeft || hasRight;
  }

  /** The sum over all shards: one chain for rows [from, to) of each, added along the tree. */
  float sum(BiFunction<Integer, Integer, Float> chain) {
    return sum(0, counts.length, chain);
  }

  private Float sum(int lo, int hi, BiFunction<Integer, Integer, Float> chain) {
    if (hi - lo == 1) {
      int start = Arrays.stream(counts, 0, lo).sum();
      return counts[lo] == 0 ? null : chain.apply(start, start + counts[lo]);
    }
    Float left = sum(lo, split(lo, hi), chain);
    Float right = sum(split(lo, hi), hi, chain);
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    return left + right;
  }

  private static int split(int lo, int hi) {
    return lo + Integer.highestOneBit(hi - lo - 1);
  }

  @Override
  public String toString() {
    return "shards of " + Arrays.toString(counts) + " rows";
  }
}
