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
 * are independent, so how they are put into blocks changes no bit; it bounds the memory of
 * activations. Within a block the shards' sums are merged tile by tile, so no shard ever has a
 * gradient of its own.
 */
public final class ShardGradients {
  private final Network network;
  private final Loss loss;
  private final BatchPlan plan;
  private final Kernels kernels;
  private final int from;
  private final int to;
  private final MiniBatch batch;
  private final Workspace work;
  private final int blockRows;
  private final float[] losses;
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
    this.blockRows = network.blockRows();
    this.losses = new float[blockRows];
    this.batch = new MiniBatch(plan, shards, blockRows, kernels.elements());
    this.work = new Workspace(network, blockRows);
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
    if (rows <= blockRows) {
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
    for (int done = 0; done < rows; done += blockRows) {
      int count = Math.min(blockRows, rows - done);
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
    loss.lossAndGradient(kernels, rows, work.y(), batch.targets(), losses, work.dy());
    network.backward(kernels, segments, gradient, work);
  }

  /** The losses of a block, summed like its gradient. */
  private double lossOf(RowSegments segments) {
    double[] stack = new double[segments.depth()];
    for (int s = 0; s < segments.count(); s++) {
      int level = segments.levels()[s];
      double sum = segments.goesOn(s) ? stack[level] : 0;
      for (int r = segments.start(s); r < segments.ends()[s]; r++) {
        sum += losses[r];
      }
      stack[level] = sum;
      for (int merge = segments.merges()[s]; merge > 0; merge--) {
        level--;
        stack[level] += stack[level + 1];
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
