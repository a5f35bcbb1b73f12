package dev.lockstep.engine;

import dev.lockstep.data.Shard;
import dev.lockstep.gradient.MiniBatch;
import dev.lockstep.gradient.TargetRows;
import dev.lockstep.kernel.Kernels;
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

  /** The rows of the block: where their shards stand in the list, their classes, their losses. */
  private final int[] owners;

  private final Targets targets;
  private final float[] losses;
  private int rows;

  private final double[] lossSums;
  private final long[] correct;

  EvaluationPass(
      Network network, Loss loss, float[] parameters, List<Shard> shards, Kernels kernels) {
    this.network = network;
    this.loss = loss;
    this.parameters = parameters;
    this.shards = shards;
    this.kernels = kernels;
    long items = shards.stream().mapToLong(Shard::items).sum();
    int block = (int) Math.max(1, Math.min(network.blockRows(), items));
    this.work = new Workspace(network, block);
    this.owners = new int[block];
    this.targets = TargetRows.allocate(shards.get(0), block);
    this.losses = new float[block];
    this.lossSums = new double[shards.size()];
    this.correct = new long[shards.size()];
  }

  /** What each shard comes to, in the order of the list. */
  List<Evaluation> run() {
    for (int s = 0; s < shards.size(); s++) {
      for (int item = 0; item < shards.get(s).items(); item++) {
        add(s, item);
      }
    }
    evaluateBlock();
    List<Evaluation> evaluations = new ArrayList<>();
    for (int s = 0; s < shards.size(); s++) {
      Shard shard = shards.get(s);
      evaluations.add(new Evaluation(shard.index(), lossSums[s], correct[s], shard.items()));
    }
    return List.copyOf(evaluations);
  }

  private void add(int owner, int item) {
    Shard shard = shards.get(owner);
    MiniBatch.fillRow(kernels.elements(), shard, item, work.x(), rows);
    owners[rows] = owner;
    TargetRows.fill(targets, rows, shard, item);
    rows++;
    if (rows == losses.length) {
      evaluateBlock();
    }
  }

  private void evaluateBlock() {
    network.forward(kernels, Rows.evaluated(rows), parameters, work);
    loss.lossAndGradient(kernels, rows, work.y(), targets, losses, work.dy());
    for (int r = 0; r < rows; r++) {
      lossSums[owners[r]] += losses[r];
      correct[owners[r]] += loss.predicted(work.y(), r) == targets.classOf(r) ? 1 : 0;
    }
    rows = 0;
  }
}
