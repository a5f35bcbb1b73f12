package dev.lockstep.spark;

import dev.lockstep.data.Shard;
import dev.lockstep.engine.Evaluation;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.loss.Loss;
import dev.lockstep.network.Network;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;

/** Evaluation as one Spark job; sums go by shard, so that no partitioning changes a bit. */
public final class SparkEvaluation {
  private SparkEvaluation() {}

  /** Loss and accuracy of parameters, in panel order, over a data set. */
  public static Evaluation of(
      JavaSparkContext spark,
      Network network,
      Loss loss,
      float[] parameters,
      SparkShards shards,
      String kernel) {
    Broadcast<float[]> sent = spark.broadcast(parameters);
    try {
      return Evaluation.total(
          shards.partitions().flatMap(new Evaluate(network, loss, sent, kernel)).collect());
    } catch (Exception e) { // Scala throws SparkException without declaring it.
      throw new ClusterException("the evaluation failed: " + Failures.describe(e), e);
    } finally {
      sent.destroy();
    }
  }

  /** Evaluates the shards of a rank. */
  private static final class Evaluate implements FlatMapFunction<RankShards, Evaluation> {
    private static final long serialVersionUID = 1;

    private final Network network;
    private final Loss loss;
    private final Broadcast<float[]> parameters;
    private final String kernel;

    Evaluate(Network network, Loss loss, Broadcast<float[]> parameters, String kernel) {
      this.network = network;
      this.loss = loss;
      this.parameters = parameters;
      this.kernel = kernel;
    }

    @Override
    public Iterator<Evaluation> call(RankShards rank) {
      Kernels kernels = KernelChoice.of(kernel).kernels();
      List<Shard> shards = rank.shards();
      return shards.stream()
          .map(shard -> Evaluation.of(network, loss, parameters.value(), shard, kernels))
          .iterator();
    }
  }
}
