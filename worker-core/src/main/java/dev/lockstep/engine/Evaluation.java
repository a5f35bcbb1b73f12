package dev.lockstep.engine;

import dev.lockstep.data.Shard;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.loss.Loss;
import dev.lockstep.network.Network;
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
  /** Evaluates shards, item after item; what each comes to, in their order. */
  public static List<Evaluation> of(
      Network network, Loss loss, float[] parameters, List<Shard> shards, Kernels kernels) {
    return new EvaluationPass(network, loss, parameters, shards, kernels).run();
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
}
