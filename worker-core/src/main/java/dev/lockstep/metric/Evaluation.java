package dev.lockstep.metric;

import dev.lockstep.data.Shard;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.loss.Loss;
import dev.lockstep.network.Network;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalDouble;

/**
 * How well parameters do on the examples of some shards. Parts of a data set {@link #join} to the
 * same bits however it was divided.
 *
 * <p>The loss is a weighted mean, as in training; all other figures count every example once.
 * Targets that are vectors have {@link #errors} where outputs estimate vectors, and {@link
 * #classes} otherwise, as targets that are classes have.
 *
 * @param shards what is summed over each shard, in their order
 * @param classes counts over all of them
 * @param worst the examples with the largest losses, as many as were asked for, the worst first;
 *     empty where targets are vectors
 */
public record Evaluation(List<ShardSums> shards, ClassCounts classes, List<WorstExample> worst)
    implements Serializable {
  public Evaluation {
    worst = List.copyOf(worst);
    shards = shards.stream().sorted(Comparator.comparingInt(ShardSums::shard)).toList();
  }

  /** An evaluation that was not asked for its worst examples. */
  public Evaluation(List<ShardSums> shards, ClassCounts classes) {
    this(shards, classes, List.of());
  }

  /** Evaluates shards, item after item. */
  public static Evaluation of(
      Network network, Loss loss, float[] parameters, List<Shard> shards, Kernels kernels) {
    return of(network, loss, parameters, shards, kernels, 0);
  }

  /**
   * Evaluates shards, item after item.
   *
   * @param worst how many of the worst examples are kept
   */
  public static Evaluation of(
      Network network,
      Loss loss,
      float[] parameters,
      List<Shard> shards,
      Kernels kernels,
      int worst) {
    return new EvaluationPass(network, loss, parameters, shards, kernels, worst).run();
  }

  /** The same with nothing kept of single examples. */
  public static Evaluation join(List<Evaluation> parts) {
    return join(parts, 0);
  }

  /**
   * The evaluation of all shards of some parts, at least 1, of which none has a shard of another.
   *
   * @param worst how many of the worst examples are kept; each part has as many, or all of its own
   */
  public static Evaluation join(List<Evaluation> parts, int worst) {
    return new Evaluation(
        parts.stream().flatMap(part -> part.shards.stream()).toList(),
        parts.stream().map(Evaluation::classes).reduce(ClassCounts::plus).orElseThrow(),
        parts.stream()
            .flatMap(part -> part.worst.stream())
            .sorted(WorstExample.ORDER)
            .limit(worst)
            .toList());
  }

  /** The sums over all shards, added in their order. */
  private ShardSums total() {
    return shards.stream().reduce(ShardSums.EMPTY, ShardSums::plus);
  }

  /** How many examples. */
  public long examples() {
    return total().examples();
  }

  /** The weighted mean of losses; 0 where all weights are. */
  public double meanLoss() {
    ShardSums total = total();
    return total.weight() == 0 ? 0 : total.loss() / total.weight();
  }

  /** Share of examples that were taken for their class, in [0, 1]; NaN if they have none. */
  public double accuracy() {
    return classes.accuracy();
  }

  /**
   * The mean of minus the natural logarithm of the probability that outputs gave to each example's
   * class; empty where they give no probabilities, or targets are vectors.
   */
  public OptionalDouble logLoss() {
    ShardSums total = total();
    return classes.isEmpty() || Double.isNaN(total.surprise())
        ? OptionalDouble.empty()
        : OptionalDouble.of(total.surprise() / total.examples());
  }

  /** How far estimates of vectors are off; empty where targets are classes. */
  public VectorErrors errors() {
    return total().errors();
  }
}
