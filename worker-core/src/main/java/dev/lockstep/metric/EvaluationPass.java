package dev.lockstep.metric;

import dev.lockstep.data.Shard;
import dev.lockstep.gradient.ExampleRows;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.layer.Rows;
import dev.lockstep.loss.Loss;
import dev.lockstep.loss.Targets;
import dev.lockstep.network.Network;
import dev.lockstep.network.Workspace;
import java.util.ArrayList;
import java.util.List;

/**
 * One pass of parameters over shards, in blocks of rows that go on across shards. Rows are
 * independent; only the sums know to which shard a row belongs, so blocks change no bit of them.
 */
final class EvaluationPass {
  private final Network network;
  private final Loss loss;
  private final float[] parameters;
  private final List<Shard> shards;
  private final Kernels kernels;
  private final Workspace work;
  private final ExampleRows examples;

  /**
   * The rows of the block: where their shards stand in the list, their places there, their targets
   * and losses.
   */
  private final int[] owners;

  private final int[] items;

  private final Targets targets;
  private final float[] losses;
  private int rows;

  /** Whether outputs estimate the vectors that targets are. */
  private final boolean hasVectors;

  private final double[] lossSums;
  private final double[] weights;
  private final double[] surprises;
  private final ClassCountsSoFar classes;
  private final WorstSoFar worst;
  private final List<VectorErrorsSoFar> errors = new ArrayList<>();

  EvaluationPass(
      Network network,
      Loss loss,
      float[] parameters,
      List<Shard> shards,
      Kernels kernels,
      int worst) {
    this.network = network;
    this.loss = loss;
    this.parameters = parameters;
    this.shards = shards;
    this.kernels = kernels;
    long items = shards.stream().mapToLong(Shard::items).sum();
    int block = (int) Math.max(1, Math.min(network.blockRows(), items));
    this.work = new Workspace(network, block);
    this.owners = new int[block];
    this.items = new int[block];
    this.examples = new ExampleRows(kernels.elements(), shards.get(0).format(), block);
    this.targets = examples.targets();
    this.losses = new float[block];
    this.lossSums = new double[shards.size()];
    this.weights = new double[shards.size()];
    this.surprises = new double[shards.size()];
    this.classes = new ClassCountsSoFar(loss.classes(network.outputs()));
    this.worst = new WorstSoFar(worst, shards.get(0).format());
    this.hasVectors = targets.values() != null && loss.estimatesVectors(network.outputs());
    for (int s = 0; s < shards.size(); s++) {
      errors.add(new VectorErrorsSoFar(hasVectors ? network.outputs() : 0));
    }
  }

  /** Evaluates all shards. */
  Evaluation run() {
    for (int s = 0; s < shards.size(); s++) {
      for (int item = 0; item < shards.get(s).items(); item++) {
        add(s, item);
      }
    }
    evaluateBlock();
    List<ShardSums> sums = new ArrayList<>();
    for (int s = 0; s < shards.size(); s++) {
      Shard shard = shards.get(s);
      sums.add(
          new ShardSums(
              shard.index(),
              shard.items(),
              lossSums[s],
              weights[s],
              surprises[s],
              errors.get(s).errors()));
    }
    return new Evaluation(sums, classes.counts(), worst.examples());
  }

  private void add(int owner, int item) {
    Shard shard = shards.get(owner);
    examples.fill(shard, item, work.x(), rows);
    owners[rows] = owner;
    items[rows] = item;
    rows++;
    if (rows == losses.length) {
      evaluateBlock();
    }
  }

  private void evaluateBlock() {
    Panels y = work.y();
    network.forward(kernels, Rows.evaluated(rows), parameters, work);
    loss.lossAndGradient(kernels, rows, y, targets, losses, work.dy());
    for (int r = 0; r < rows; r++) {
      int owner = owners[r];
      float weight = loss.weight(targets, r);
      lossSums[owner] += losses[r] * weight;
      weights[owner] += weight;
      if (hasVectors) {
        errors.get(owner).add(loss, y, targets, r);
      } else {
        int ofClass = targets.classOf(r);
        classes.add(loss, y, r, ofClass);
        surprises[owner] += loss.surprise(y, r, ofClass).orElse(Double.NaN);
        if (shards.get(owner).format().hasClass()) {
          worst.add(shards.get(owner), items[r], loss.predicted(y, r), losses[r]);
        }
      }
    }
    rows = 0;
  }
}
