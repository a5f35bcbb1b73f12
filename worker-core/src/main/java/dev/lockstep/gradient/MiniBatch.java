package dev.lockstep.gradient;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.Shard;
import dev.lockstep.kernel.ElementKernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.kernel.RowSegments;
import dev.lockstep.layer.Rows;
import dev.lockstep.loss.Targets;
import dev.lockstep.random.Permutation;
import java.util.List;

/**
 * Fills blocks of rows with the examples that a range of shards gives to a step. For use by one
 * thread.
 */
public final class MiniBatch {
  private final ExampleRows rows;

  /** Keeps the compiler from leaving {@link Shard#touch} out. */
  private int touched;

  private final BatchPlan plan;
  private final List<Shard> shards;
  private final int first;
  private final Permutation[] orders;

  /** Of each row the place of its example in the order of the data. */
  private final int[] examples;

  private long epoch = -1;
  private long step;

  private final RowSegments.Builder segments = new RowSegments.Builder();

  /** Over consecutive shards, for blocks of at most so many rows. */
  public MiniBatch(BatchPlan plan, List<Shard> shards, int blockRows, ElementKernels kernels) {
    this.plan = plan;
    this.shards = shards;
    this.first = shards.get(0).index();
    this.orders = new Permutation[shards.size()];
    this.rows = new ExampleRows(kernels, shards.get(0).format(), blockRows);
    this.examples = new int[blockRows];
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

  /** The targets of the block filled last. */
  public Targets targets() {
    return rows.targets();
  }

  /** The rows of the block filled last, to be summed in these runs. */
  public Rows rows(RowSegments segments) {
    return Rows.training(segments, plan.seed(), step, examples);
  }

  /**
   * Fills x[B,I] with all rows of a node, shard after shard; how they are summed, valid until the
   * next call.
   */
  public RowSegments fill(Node node, Panels x) {
    segments.clear();
    fillNode(node, x);
    return segments.build(false);
  }

  private boolean fillNode(Node node, Panels x) {
    if (node.from() >= plan.shards()) {
      return false;
    }
    if (node.level() == 0) {
      int shard = node.from();
      int count = plan.visits(step, shard);
      if (count > 0) {
        fillRows(shard, plan.firstVisit(step, shard), count, segments.rows(), x);
        segments.addRun(count);
      }
      return count > 0;
    }
    boolean hasLeft = fillNode(node.left(), x);
    boolean hasRight = fillNode(node.right(), x);
    if (hasLeft && hasRight) {
      segments.merge();
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
    int next = (int) order.apply(visit);
    for (int r = 0; r < count; r++) {
      int item = next;
      if (r + 1 < count) {
        next = (int) order.apply(visit + r + 1);
        touch(shard, next);
      }
      rows.fill(shard, item, x, row + r);
      // Places beyond 2^32 share random numbers with others, in no step of any real size.
      examples[row + r] = (int) ((long) item * plan.shards() + index);
    }
  }

  /** Has an example come from memory while another is worked on. */
  private void touch(Shard shard, int item) {
    int sum = touched;
    touched = sum + shard.touch(item);
  }
}
