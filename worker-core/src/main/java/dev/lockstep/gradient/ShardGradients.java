package dev.lockstep.gradient;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.Shard;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.RowSegments;
import dev.lockstep.loss.Loss;
import dev.lockstep.network.Network;
import dev.lockstep.network.Workspace;
import java.util.ArrayDeque;
import java.util.List;

/**
 * Computes what a contiguous range of shards gives to a step: forward, loss and backward over
 * blocks of rows, summed along the canonical tree. For use by one thread.
 *
 * <p>A block holds the rows of one node of the tree, or a part of the rows of one large shard. Rows
 * are independent, so how they are put into blocks changes no bit; it is done to keep a block's
 * activations in cache. Within a block the shards' sums are merged tile by tile, so no shard ever
 * has a gradient of its own.
 */
public final class ShardGradients {
  /** Rows of a block: activations of that many fit into the second-level cache. */
  public static final int BLOCK_ROWS = 256;

  private final Network network;
  private final Loss loss;
  private final BatchPlan plan;
  private final Kernels kernels;
  private final int from;
  private final int to;
  private final MiniBatch batch;
  private final Workspace work;
  private final float[] losses = new float[BLOCK_ROWS];
  private final ArrayDeque<float[]> free = new ArrayDeque<>();
  private final ArrayDeque<float[]> lent = new ArrayDeque<>();

  /**
   * Over the given shards.
   *
   * @param shards consecutive ones in ascending order, at least 1
   */
  public ShardGradients(
      Network network, Loss loss, BatchPlan plan, List<Shard> shards, Kernels kernels) {
    this.network = network;
    this.loss = loss;
    this.plan = plan;
    this.kernels = kernels;
    this.from = shards.get(0).index();
    this.to = from + shards.size();
    this.batch = new MiniBatch(plan, shards, BLOCK_ROWS);
    this.work = new Workspace(network, BLOCK_ROWS);
  }

  /**
   * The sums of the fewest nodes that cover the shards. Their gradients are valid until the next
   * call.
   *
   * @param step the step (from 0)
   * @param parameters in panel order
   */
  public PartialSums sum(long step, float[] parameters) {
    free.addAll(lent);
    lent.clear();
    batch.begin(step);
    network.transpose(kernels, parameters, work);
    PartialSums sums = new PartialSums(plan.shards(), 0, network.layout().length());
    for (Node node : Node.cover(from, to, plan.shards())) {
      sums.add(node, sum(node, parameters));
    }
    return sums;
  }

  private NodeSum sum(Node node, float[] parameters) {
    int rows = batch.rows(node.from(), node.to(plan.shards()));
    if (rows == 0) {
      return NodeSum.EMPTY;
    }
    if (rows <= BLOCK_ROWS) {
      return block(node, parameters);
    }
    if (node.level() == 0) {
      return largeShard(node.from(), rows, parameters);
    }
    NodeSum left = sum(node.left(), parameters);
    NodeSum right = sum(node.right(), parameters);
    NodeSum both = left.plus(right, 0, network.layout().length());
    if (!left.isEmpty() && !right.isEmpty()) {
      giveBack(right.gradient());
    }
    return both;
  }

  /** All rows of a node in one block. */
  private NodeSum block(Node node, float[] parameters) {
    RowSegments segments = batch.fill(node, work.x());
    float[] gradient = lend();
    forwardAndBackward(segments, gradient, parameters);
    return new NodeSum(0, gradient, lossOf(segments), segments.rows());
  }

  /** One shard in several blocks: its chains of sums go on from block to block. */
  private NodeSum largeShard(int shard, int rows, float[] parameters) {
    float[] gradient = lend();
    double sum = 0;
    for (int done = 0; done < rows; done += BLOCK_ROWS) {
      int count = Math.min(BLOCK_ROWS, rows - done);
      batch.fill(shard, done, count, work.x());
      forwardAndBackward(RowSegments.single(count, done > 0), gradient, parameters);
      for (int r = 0; r < count; r++) {
        sum += losses[r];
      }
    }
    return new NodeSum(0, gradient, sum, rows);
  }

  private void forwardAndBackward(RowSegments segments, float[] gradient, float[] parameters) {
    int rows = segments.rows();
    network.forward(kernels, rows, parameters, work);
    loss.lossAndGradient(rows, work.y(), batch.targets(), losses, work.dy());
    network.backward(kernels, segments, gradient, work);
  }

  /** The losses of a block, summed like its gradient: a chain for each run, then the merges. */
  private double lossOf(RowSegments segments) {
    double[] stack = new double[segments.depth()];
    int top = 0;
    for (int run = 0; run < segments.runs(); run++) {
      double sum = 0;
      for (int r = segments.start(run); r < segments.ends()[run]; r++) {
        sum += losses[r];
      }
      stack[top++] = sum;
      for (int merge = segments.merges()[run]; merge > 0; merge--) {
        top--;
        stack[top - 1] += stack[top];
      }
    }
    return stack[0];
  }

  private float[] lend() {
    float[] gradient = free.isEmpty() ? new float[network.layout().length()] : free.pop();
    lent.push(gradient);
    return gradient;
  }

  private void giveBack(float[] gradient) {
    lent.removeIf(g -> g == gradient);
    free.push(gradient);
  }
}
