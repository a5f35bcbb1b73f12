package dev.lockstep.gradient;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.Shard;
import dev.lockstep.kernel.Panels;
import dev.lockstep.kernel.RowSegments;
import dev.lockstep.random.Permutation;
import java.util.List;

/**
 * Fills blocks of rows with the examples that a range of shards gives to a step: pixels become
 * floats in [0, 1]. For use by one thread.
 */
public final class MiniBatch {
  private static final float[] UNIT = new float[256];

  static {
    for (int i = 0; i < UNIT.length; i++) {
      UNIT[i] = i / 255f;
    }
  }

  private final BatchPlan plan;
  private final List<Shard> shards;
  private final int first;
  private final Permutation[] orders;
  private final int[] targets;
  private long epoch = -1;
  private long step;

  // The program of the block being filled.
  private final int[] ends;
  private final int[] merges;
  private int runs;
  private int rows;
  private int depth;
  private int top;

  /** Over consecutive shards, for blocks of at most so many rows. */
  public MiniBatch(BatchPlan plan, List<Shard> shards, int blockRows) {
    this.plan = plan;
    this.shards = shards;
    this.first = shards.get(0).index();
    this.orders = new Permutation[shards.size()];
    this.targets = new int[blockRows];
    this.ends = new int[blockRows];
    this.merges = new int[blockRows];
  }

  /** Turns to a step (from 0). */
  public void begin(long step) {
    this.step = step;
    long epoch = plan.epochOf(step);
    if (epoch != this.epoch) {
      for (int s = 0; s < orders.length; s++) {
        orders[s] = plan.visitOrder(epoch, first + s);
      }
      this.epoch = epoch;
    }
  }

  /** Rows that the shards [from, to) give to the step. */
  public int rows(int from, int to) {
    int rows = 0;
    for (int s = from; s < to; s++) {
      rows += plan.visits(step, s);
    }
    return rows;
  }

  /** Class of each row of the block filled last. */
  public int[] targets() {
    return targets;
  }

  /** Fills x[B,I] with all rows of a node, shard after shard; how they are summed. */
  public RowSegments fill(Node node, Panels x) {
    runs = 0;
    rows = 0;
    depth = 1;
    top = 0;
    fillNode(node, x);
    return new RowSegments(runs, ends, merges, depth, false);
  }

  private boolean fillNode(Node node, Panels x) {
    if (node.from() >= plan.shards()) {
      return false;
    }
    if (node.level() == 0) {
      int shard = node.from();
      int count = plan.visits(step, shard);
      if (count == 0) {
        return false;
      }
      fillRows(shard, plan.firstVisit(step, shard), count, rows, x);
      rows += count;
      ends[runs] = rows;
      merges[runs] = 0;
      runs++;
      top++;
      depth = Math.max(depth, top);
      return true;
    }
    boolean hasLeft = fillNode(node.left(), x);
    boolean hasRight = fillNode(node.right(), x);
    if (hasLeft && hasRight) {
      merges[runs - 1]++;
      top--;
    }
    return hasLeft || hasRight;
  }

  /** Fills x[count,I] with rows of one shard, beginning {@code skip} rows into its micro-batch. */
  public void fill(int shard, int skip, int count, Panels x) {
    fillRows(shard, plan.firstVisit(step, shard) + skip, count, 0, x);
  }

  private void fillRows(int index, int visit, int count, int row, Panels x) {
    Shard shard = shards.get(index - first);
    Permutation order = orders[index - first];
    for (int r = 0; r < count; r++) {
      int item = (int) order.apply(visit + r);
      fillRow(shard, item, x, row + r);
      targets[row + r] = shard.labels()[item];
    }
  }

  /** Fills a row of x with an item's pixels over 255. */
  public static void fillRow(Shard shard, int item, Panels x, int row) {
    byte[] pixels = shard.pixels();
    int at = item * shard.features();
    int left = shard.features();
    for (int p = 0; p < x.count(); p++) {
      int to = x.panel(p) + row * Panels.WIDTH;
      int count = Math.min(Panels.WIDTH, left);
      for (int i = 0; i < count; i++) {
        x.data()[to + i] = UNIT[pixels[at + i] & 0xff];
      }
      at += count;
      left -= count;
    }
  }
}
