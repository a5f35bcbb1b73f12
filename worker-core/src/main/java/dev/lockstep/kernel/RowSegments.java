package dev.lockstep.kernel;

import java.util.Arrays;

/**
 * How the rows of a block are summed: consecutive runs of rows, one for each shard that has any,
 * merged along the canonical tree.
 *
 * <p>A program for a stack of sums. A run is one chain over its rows in ascending order, from +0,
 * at a level of the stack; it is cut into segments of at most {@value #MAX_ROWS} rows, so that what
 * a kernel goes over again stays in the first-level cache. Behind the last segment of a run, the
 * sum at its level is merged into the one below (lower + upper) {@code merges[i]} times. At the end
 * one sum is left, at level 0.
 *
 * @param count how many segments there are, at least 1
 * @param ends end of each segment, ascending; segment i has the rows [{@code ends[i-1]}, {@code
 *     ends[i]})
 * @param levels level at which each segment is summed
 * @param merges merges behind each segment
 * @param nodes how many runs, from segment i on, are summed before anything else because they make
 *     a node of the tree: 8, 4 or 2, if each is one segment and all have as many rows; otherwise 1
 * @param depth how many levels the program needs
 * @param continued whether segment 0 goes on with the sum that the output holds, because its shard
 *     has more rows than a block
 */
public record RowSegments(
    int count, int[] ends, int[] levels, int[] merges, int[] nodes, int depth, boolean continued) {
  /** The most rows of a segment. */
  public static final int MAX_ROWS = 128;

  public RowSegments {
    int given = Math.min(ends.length, Math.min(levels.length, merges.length));
    if (count < 1 || Math.min(given, nodes.length) < count) {
      throw new IllegalArgumentException("%d segments: want 1 or more, all given".formatted(count));
    }
    if (depth < 1) {
      throw new IllegalArgumentException("depth %d: want 1 or more".formatted(depth));
    }
  }

  /** One chain over all rows; goes on from the output where {@code continued}. */
  public static RowSegments single(int rows, boolean continued) {
    Builder builder = new Builder();
    builder.addRun(rows);
    return builder.build(continued);
  }

  /** First row of segment i. */
  public int start(int i) {
    return i == 0 ? 0 : ends[i - 1];
  }

  /** Whether segment i goes on with the sum at its level, rather than from +0. */
  public boolean goesOn(int i) {
    return i == 0 ? continued : levels[i] == levels[i - 1] && merges[i - 1] == 0;
  }

  /** Rows in all. */
  public int rows() {
    return ends[count - 1];
  }

  /** Writes such programs, run by run. */
  public static final class Builder {
    private int[] ends = new int[16];
    private int[] levels = new int[16];
    private int[] merges = new int[16];
    private int[] nodes = new int[16];
    private int count;
    private int rows;
    private int level;
    private int depth;

    /** Begins with an empty program. */
    public Builder() {
      clear();
    }

    /** Begins a new program; the one before is no longer valid. */
    public void clear() {
      count = 0;
      rows = 0;
      level = -1;
      depth = 1;
    }

    /** Rows so far. */
    public int rows() {
      return rows;
    }

    /** A run of so many rows (at least 1), a level above the sums before it. */
    public void addRun(int length) {
      level++;
      depth = Math.max(depth, level + 1);
      for (int left = length; left > 0; left -= MAX_ROWS) {
        rows += Math.min(left, MAX_ROWS);
        addSegment();
      }
    }

    private void addSegment() {
      if (count == ends.length) {
        ends = Arrays.copyOf(ends, 2 * count);
        levels = Arrays.copyOf(levels, 2 * count);
        merges = Arrays.copyOf(merges, 2 * count);
        nodes = Arrays.copyOf(nodes, 2 * count);
      }
      ends[count] = rows;
      levels[count] = level;
      merges[count] = 0;
      count++;
    }

    /** Merges the two topmost sums. */
    public void merge() {
      level--;
      merges[count - 1]++;
    }

    /** The program so far, in this builder's arrays; valid until it is cleared. */
    public RowSegments build(boolean continued) {
      for (int i = 0; i < count; i++) {
        nodes[i] = isNode(i, 8) ? 8 : isNode(i, 4) ? 4 : isNode(i, 2) ? 2 : 1;
      }
      if (continued) {
        nodes[0] = 1;
      }
      return new RowSegments(count, ends, levels, merges, nodes, depth, continued);
    }

    /** Whether segment i and those behind it are so many runs of as many rows, and a node. */
    private boolean isNode(int i, int runs) {
      int height = Integer.numberOfTrailingZeros(runs);
      if (i + runs > count || merges[i + runs - 1] < height) {
        return false;
      }
      for (int k = 0; k < runs; k++) {
        boolean isLast = k == runs - 1;
        if (length(i + k) != length(i)
            || levels[i + k] != levels[i] + Integer.bitCount(k)
            || (!isLast && merges[i + k] != Integer.numberOfTrailingZeros(k + 1))) {
          return false;
        }
      }
      return i == 0 || levels[i] != levels[i - 1] || merges[i - 1] > 0;
    }

    private int length(int i) {
      return ends[i] - (i == 0 ? 0 : ends[i - 1]);
    }
  }
}
