package dev.lockstep.train;

import dev.lockstep.spark.SparkShards;
import java.io.IOException;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/** A run's data on its way to the ranks. */
interface DataLoading extends AutoCloseable {
  /** What is trained on. */
  SparkShards train(JavaSparkContext spark, int ranks) throws IOException;

  /** What is held out; empty for nothing. */
  Optional<SparkShards> validation(JavaSparkContext spark, int ranks) throws IOException;

  /** What the result is tested on; empty for nothing. */
  Optional<SparkShards> test(JavaSparkContext spark, int ranks) throws IOException;

  @Override
  void close();
}
