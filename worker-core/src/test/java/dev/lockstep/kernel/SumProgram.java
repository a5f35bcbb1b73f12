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
    List<Integer> ends = new ArrayList<>();
    List<Integer> merges = new ArrayList<>();
    int depth = program(0, counts.length, ends, merges);
    return new RowSegments(
        ends.size(),
        ends.stream().mapToInt(Integer::intValue).toArray(),
        merges.stream().mapToInt(Integer::intValue).toArray(),
        depth,
        false);
  }

  /** Appends the program of [lo, hi); the depth of stack that it needs, 0 if there are no rows. */
  private int program(int lo, int hi, List<Integer> ends, List<Integer> merges) {
    if (hi - lo == 1) {
      if (counts[lo] == 0) {
        return 0;
      }
      ends.add(counts[lo] + (ends.isEmpty() ? 0 : ends.get(ends.size() - 1)));
      merges.add(0);
      return 1;
    }
    int left = program(lo, split(lo, hi), ends, merges);
    int right = program(split(lo, hi), hi, ends, merges);
    if (left > 0 && right > 0) {
      int last = merges.size() - 1;
      merges.set(last, merges.get(last) + 1);
      return Math.max(left, right + 1);
    }
    return Math.max(left, right);
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
