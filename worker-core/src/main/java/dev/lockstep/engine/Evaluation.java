package dev.lockstep.engine;

import dev.lockstep.data.Shard;
import dev.lockstep.gradient.MiniBatch;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.loss.Loss;
import dev.lockstep.network.Network;
import dev.lockstep.network.Workspace;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;

/**
 * How well parameters do on examples: sums over one shard or several.
 *
 * @param shard the shard, or the first of several
 * @param loss sum of losses
 * @param correct examples whose largest output is that of their class; the lowest index wins a tie
 * @param examples how many
 */
public record Evaluation(int shard, double loss, long correct, long examples)
    implements Serializable {
  /** Evaluates one shard, item after item. */
  public static Evaluation of(
      Network network, Loss loss, float[] parameters, Shard shard, Kernels kernels) {
    int block = Math.max(1, Math.min(network.blockRows(), shard.items()));
    Workspace work = new Workspace(network, block);
    int[] targets = new int[block];
    float[] losses = new float[block];
    double lossSum = 0;
    long correct = 0;
    for (int start = 0; start < shard.items(); start += block) {
      int rows = Math.min(block, shard.items() - start);
      for (int r = 0; r < rows; r++) {
        MiniBatch.fillRow(kernels.elements(), shard, start + r, work.x(), r);
        targets[r] = shard.labels()[start + r];
      }
      network.forward(kernels, rows, parameters, work);
      loss.loss(rows, work.y(), targets, losses);
      for (int r = 0; r < rows; r++) {
        lossSum += losses[r];
        correct += largest(work.y(), r) == targets[r] ? 1 : 0;
      }
    }
    return new Evaluation(shard.index(), lossSum, correct, shard.items());
  }

  /** The sums over all shards of a data set, added in the order of shards. */
  public static Evaluation total(List<Evaluation> shards) {
    return shards.stream()
        .sorted(Comparator.comparingInt(Evaluation::shard))
        .reduce(new Evaluation(0, 0, 0, 0), Evaluation::plus);
  }

  private Evaluation plus(Evaluation next) {
    return new Evaluation(
        shard, loss + next.loss, correct + next.correct, examples + next.examples);
  }

  /** Mean loss. */
  public double meanLoss() {
    return loss / (double) examples;
  }

  /** Share of correct examples, in [0, 1]. */
  public double accuracy() {
    return (double) correct / (double) examples;
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
