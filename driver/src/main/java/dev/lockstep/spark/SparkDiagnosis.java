package dev.lockstep.spark;

import dev.lockstep.engine.DivergedException;
import dev.lockstep.engine.Training;
import dev.lockstep.gradient.Diagnosis;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.kernel.Kernels;
import java.util.Iterator;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;

/** Looks for the place where a step leaves the finite numbers, as one Spark job. */
public final class SparkDiagnosis {
  private SparkDiagnosis() {}

  /**
   * The earliest that is wrong in any shard.
   *
   * @param step the step (from 0)
   * @param parameters those that the step begins with, in panel order
   */
  public static Optional<Diagnosis> of(
      JavaSparkContext spark,
      Training training,
      SparkShards shards,
      String kernel,
      long step,
      float[] parameters) {
    Broadcast<float[]> sent = spark.broadcast(parameters);
    try {
      FlatMapFunction<Iterator<RankShards>, Diagnosis> look =
          ranks -> {
            Kernels kernels = KernelChoice.of(kernel).kernels();
            return Diagnosis.of(
                    training.network(),
                    training.loss(),
                    training.plan(),
                    ranks.next().shards(),
                    kernels,
                    DivergedException.MAX_LOSS,
                    step,
                    sent.value())
                .stream()
                .iterator();
          };
      return shards.partitions().mapPartitions(look).collect().stream().min(Diagnosis.EARLIEST);
    } finally {
      sent.destroy();
    }
  }
}
