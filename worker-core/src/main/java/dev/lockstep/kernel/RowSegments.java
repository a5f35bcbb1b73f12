package dev.lockstep.kernel;

/**
 * How the rows of a block are summed: consecutive runs of rows, one for each shard that has any,
 * merged along the canonical tree.
 *
 * <p>A program for a stack: run i is one chain over its rows in ascending order, pushed; then the
 * two topmost sums are merged (lower + upper) {@code merges[i]} times. At the end one sum is left.
 * Rows [{@code ends[i-1]}, {@code ends[i]}) belong to run i.
 *
 * @param runs how many runs there are, at least 1
 * @param ends end of each run, ascending
 * @param merges merges after each run
 * @param depth the deepest stack that the program needs
 * @param continued whether the single run goes on with the sum that the output holds, because its
 *     shard has more rows than a block
 */
public record RowSegments(int runs, int[] ends, int[] merges, int depth, boolean continued) {
  public RowSegments {
    if (runs < 1 || ends.length < runs || merges.length < runs || depth < 1) {
      throw new IllegalArgumentException(
          "%d runs, depth %d: want 1 or more".formatted(runs, depth));
    }
    if (continued && runs != 1) {
      throw new IllegalArgumentException("only a single run can be continued, not " + runs);
    }
  }

  /** One chain over all rows; goes on from the output where {@code continued}. */
  public static RowSegments single(int rows, boolean continued) {
    return new RowSegments(1, new int[] {rows}, new int[1], 1, continued);
  }

  /** First row of run i. */
  public int start(int i) {
    return i == 0 ? 0 : ends[i - 1];
  }

  /** Rows in all. */
  public int rows() {
    return ends[runs - 1];
  }
}
