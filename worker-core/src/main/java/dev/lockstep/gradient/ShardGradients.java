package dev.lockstep.gradient;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.Shard;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.kernel.RowSegments;
import dev.lockstep.layer.Rows;
import dev.lockstep.loss.Loss;
import dev.lockstep.loss.Targets;
import dev.lockstep.network.Network;
import dev.lockstep.network.ParameterLayout;
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
  private final NoiseSampling noise;
  private final Kernels kernels;
  private final int from;
  private final int to;
  private final int groups;
  private final MiniBatch batch;
  private final Workspace work;
  private final int blockRows;
  private final float[] losses;
  private final float[] weights;
  private final int counts;
  private final float[] chains = new float[Panels.WIDTH];
  private boolean isMeasured;
  private final ArrayDeque<float[]> free = new ArrayDeque<>();
  private final ArrayDeque<float[]> lent = new ArrayDeque<>();

  /** Over the given shards, all in one go. */
  public ShardGradients(
      Network network, Loss loss, BatchPlan plan, List<Shard> shards, Kernels kernels) {
    this(network, loss, plan, shards, 1, NoiseSampling.NONE, kernels);
  }

  /**
   * Over the given shards.
   *
   * @param shards consecutive ones in ascending order, at least 1
   * @param groups walks the shards in so many groups; the more, the less memory activations take
   * @param noise the steps in which the norms of micro-batches are measured
   */
  public ShardGradients(
      Network network,
      Loss loss,
      BatchPlan plan,
      List<Shard> shards,
      int groups,
      NoiseSampling noise,
      Kernels kernels) {
    this.network = network;
    this.loss = loss;
    this.plan = plan;
    this.noise = noise;
    this.kernels = kernels;
    this.from = shards.get(0).index();
    this.to = from + shards.size();
    this.groups = Math.min(groups, shards.size());
    this.blockRows = Math.min(network.blockRows(), largestGroup(plan, shards.size(), this.groups));
    this.losses = new float[blockRows];
    this.weights = new float[blockRows];
    this.counts = network.counts();
    this.batch = new MiniBatch(plan, shards, blockRows, kernels.elements());
    this.work = new Workspace(network, blockRows);
  }

  /** Rows that a group of shards gives to a step at most. */
  private static int largestGroup(BatchPlan plan, int shards, int groups) {
    long ofShard = (plan.largestBatch() - 1L) / plan.shards() + 1;
    long rows = ofShard * ((shards - 1L) / groups + 1);
    return (int) Math.min(Integer.MAX_VALUE, rows);
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
    isMeasured = noise.isMeasured(step);
    network.transpose(kernels, parameters, work);
    PartialSums sums = new PartialSums(plan.shards(), 0, network.layout().length());
    for (int group = 0; group < groups; group++) {
      for (Node node : Node.cover(firstOf(group), firstOf(group + 1), plan.shards())) {
        sums.add(node, sum(node, parameters));
      }
    }
    return sums;
  }

  /**
   * How many gradients of all parameters stand in memory at the same time for a range of shards.
   *
   * @param noise where a node is taken apart, each level of it needs one more
   * @param from the first shard
   * @param to behind the last
   */
  public static int gradients(
      Network network, BatchPlan plan, NoiseSampling noise, int from, int to) {
    int held = 0;
    int most = 0;
    for (Node node : Node.cover(from, to, plan.shards())) {
      most = Math.max(most, held + gradients(network, plan, noise, node));
      held++;
    }
    return most;
  }

  private static int gradients(Network network, BatchPlan plan, NoiseSampling noise, Node node) {
    int rows = 0;
    for (int shard = node.from(); shard < node.to(plan.shards()); shard++) {
      rows += plan.visits(plan.firstLargestStep(), shard);
    }
    boolean isTakenApart = noise.isOn() && NoiseSampling.hasMeasured(node, plan.shards());
    return node.level() == 0 || (rows <= network.blockRows() && !isTakenApart)
        ? 1
        : Math.max(
            gradients(network, plan, noise, node.left()),
            1 + gradients(network, plan, noise, node.right()));
  }

  private int firstOf(int group) {
    return from + (int) ((long) (to - from) * group / groups);
  }

  private NodeSum sum(Node node, float[] parameters) {
    int rows = batch.rows(node.from(), node.to(plan.shards()));
    if (rows == 0) {
      return NodeSum.EMPTY;
    }
    boolean isToBeMeasured = isMeasured && NoiseSampling.hasMeasured(node, plan.shards());
    if (node.level() == 0) {
      NodeSum sum =
          rows <= blockRows ? block(node, parameters) : largeShard(node.from(), rows, parameters);
      return isToBeMeasured ? measured(sum) : sum;
    }
    if (rows <= blockRows && !isToBeMeasured) {
      return block(node, parameters);
    }
    NodeSum left = sum(node.left(), parameters);
    NodeSum right = sum(node.right(), parameters);
    NodeSum both = left.plus(right, 0, network.layout().length());
    if (!left.isEmpty() && !right.isEmpty()) {
      giveBack(right.gradient());
    }
    return both;
  }

  /** The sum of one shard, with the norm of its mean gradient. */
  private NodeSum measured(NodeSum shard) {
    if (shard.weight() == 0) {
      return shard;
    }
    ParameterLayout layout = network.layout();
    double squares = 0;
    for (int p = 0; p < layout.panels(); p++) {
      squares =
          kernels
              .elements()
              .squares(
                  squares, shard.gradient(), layout.panelOffset(p), layout.panelRows(p), chains);
    }
    double ofMean = squares / (shard.weight() * shard.weight());
    return shard.withNorms(MicroBatchNorms.of(ofMean, shard.examples()));
  }

  /** All rows of a node in one block. */
  private NodeSum block(Node node, float[] parameters) {
    RowSegments segments = batch.fill(node, work.x());
    float[] gradient = lend();
    int[] counted = counts == 0 ? NodeSum.NO_COUNTS : new int[counts];
    boolean isWeighted = forwardAndBackward(segments, gradient, parameters, counted);
    int rows = segments.rows();
    double weight = isWeighted ? treeSum(segments, weights) : rows;
    return new NodeSum(0, gradient, treeSum(segments, losses), weight, rows, counted);
  }

  /** One shard in several blocks: its chains of sums go on from block to block. */
  private NodeSum largeShard(int shard, int rows, float[] parameters) {
    float[] gradient = lend();
    int[] counted = counts == 0 ? NodeSum.NO_COUNTS : new int[counts];
    double sum = 0;
    double weight = 0;
    for (int done = 0; done < rows; done += blockRows) {
      int count = Math.min(blockRows, rows - done);
      batch.fill(shard, done, count, work.x());
      RowSegments segments = RowSegments.single(count, done > 0);
      boolean isWeighted = forwardAndBackward(segments, gradient, parameters, counted);
      for (int r = 0; r < count; r++) {
        sum += losses[r];
        weight += isWeighted ? weights[r] : 1;
      }
    }
    return new NodeSum(0, gradient, sum, weight, rows, counted);
  }

  /** Whether the rows have weights of their own. */
  private boolean forwardAndBackward(
      RowSegments segments, float[] gradient, float[] parameters, int[] counted) {
    Rows rows = batch.rows(segments);
    network.forward(kernels, rows, parameters, work);
    if (counts > 0) {
      network.count(kernels, rows.count(), work, counted);
    }
    Targets targets = batch.targets();
    loss.lossAndGradient(kernels, rows.count(), work.y(), targets, losses, work.dy());
    boolean isWeighted = targets.weights() != null || !loss.classWeights().isEmpty();
    if (isWeighted) {
      weigh(rows.count(), targets);
    }
    network.backward(kernels, rows, parameters, gradient, work);
    return isWeighted;
  }

  private void weigh(int rows, Targets targets) {
    Panels dy = work.dy();
    for (int r = 0; r < rows; r++) {
      float weight = loss.weight(targets, r);
      weights[r] = weight;
      losses[r] *= weight;
      for (int p = 0; p < dy.count(); p++) {
        int from = dy.panel(p) + r * Panels.WIDTH;
        for (int i = from; i < from + Panels.WIDTH; i++) {
          dy.data()[i] *= weight;
        }
      }
    }
  }

  /** Values of a block's rows, summed like its gradient. */
  private static double treeSum(RowSegments segments, float[] values) {
    double[] stack = new double[segments.depth()];
    for (int s = 0; s < segments.count(); s++) {
      int level = segments.levels()[s];
      double sum = segments.goesOn(s) ? stack[level] : 0;
      for (int r = segments.start(s); r < segments.ends()[s]; r++) {
        sum += values[r];
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
