package dev.lockstep.spark;

import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.loss.Loss;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.network.Network;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;

/** Evaluation as one Spark job; sums go by shard, so that no partitioning changes a bit. */
public final class SparkEvaluation {
  private SparkEvaluation() {}

  /** How well parameters, in panel order, do on each of some data sets. */
  public static List<Evaluation> of(
      JavaSparkContext spark,
      Network network,
      Loss loss,
      float[] parameters,
      List<SparkShards> sets,
      String kernel) {
    return of(spark, network, loss, parameters, sets, kernel, 0);
  }

  /**
   * The same.
   *
   * @param worst how many of the worst examples of each set are kept
   */
  public static List<Evaluation> of(
      JavaSparkContext spark,
      Network network,
      Loss loss,
      float[] parameters,
      List<SparkShards> sets,
      String kernel,
      int worst) {
    Broadcast<float[]> sent = spark.broadcast(parameters);
    try {
      Evaluate evaluate = new Evaluate(network, loss, sent, kernel, worst);
      List<JavaRDD<Evaluation>> results = new ArrayList<>();
      for (SparkShards set : sets) {
        results.add(set.partitions().map(evaluate));
      }
      return join(sets, results.stream().reduce(JavaRDD::union).orElseThrow().collect(), worst);
    } catch (Exception e) { // Scala throws SparkException without declaring it.
      throw Failures.of("the evaluation failed", e);
    } finally {
      sent.destroy();
    }
  }

  /** A union keeps the order of partitions. */
  private static List<Evaluation> join(List<SparkShards> sets, List<Evaluation> parts, int worst) {
    List<Evaluation> joined = new ArrayList<>();
    int from = 0;
    for (SparkShards set : sets) {
      int to = from + set.ranks();
      joined.add(Evaluation.join(parts.subList(from, to), worst));
      from = to;
    }
    return joined;
  }

  /** Evaluates the shards of a rank. */
  private static final class Evaluate implements Function<RankShards, Evaluation> {
    private static final long serialVersionUID = 1;

    private final Network network;
    private final Loss loss;
    private final Broadcast<float[]> parameters;
    private final String kernel;
    private final int worst;

    Evaluate(Network network, Loss loss, Broadcast<float[]> parameters, String kernel, int worst) {
      this.network = network;
      this.loss = loss;
      this.parameters = parameters;
      this.kernel = kernel;
      this.worst = worst;
    }

    @Override
    public Evaluation call(RankShards rank) {
      Kernels kernels = KernelChoice.of(kernel).kernels();
      return Evaluation.of(network, loss, parameters.value(), rank.shards(), kernels, worst);
    }
  }
}
