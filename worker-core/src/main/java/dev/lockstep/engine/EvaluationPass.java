package dev.lockstep.engine;

import dev.lockstep.data.Shard;
import dev.lockstep.gradient.MiniBatch;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.loss.Loss;
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

  private final int[] targets;
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
    this.targets = new int[block];
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
    targets[rows] = shard.labels()[item];
    rows++;
    if (rows == losses.length) {
      evaluateBlock();
    }
  }

  private void evaluateBlock() {
    network.forward(kernels, rows, parameters, work);
    loss.loss(rows, work.y(), targets, losses);
    for (int r = 0; r < rows; r++) {
      lossSums[owners[r]] += losses[r];
      correct[owners[r]] += largest(work.y(), r) == targets[r] ? 1 : 0;
    }
    rows = 0;
  }

  private static int largest(Panels y, int row) {
    int best = 0;
    for (int c = 1; c < y.columns(); c++) {
      if (y.get(row, c) > y.get(row, best)) {
        best = c;
      }
    }
    return best;
  }
}
