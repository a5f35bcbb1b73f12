package dev.lockstep.bench;

import dev.lockstep.config.RunConfig;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.engine.Training;
import dev.lockstep.spark.AllReduceEngine;
import dev.lockstep.spark.SparkSettings;
import dev.lockstep.spark.SparkShards;
import dev.lockstep.spark.TreeEngine;
import dev.lockstep.train.SparkSessions;
import org.apache.spark.api.java.JavaSparkContext;

/** Ranks in a Spark session with the shards that they hold; engines that work on them are sides. */
final class Ranks implements AutoCloseable {
  private final JavaSparkContext spark;
  private final Training training;
  private final SparkSettings settings;
  private final SparkShards shards;

  Ranks(
      JavaSparkContext spark,
      RunConfig config,
      Training training,
      ExampleSource source,
      int ranks) {
    this.spark = spark;
    this.training = training;
    this.settings = SparkSessions.engineSettings(config, 1);
    this.shards = SparkShards.load(spark, source, training.plan(), ranks, training.classes());
  }

  Side allReduce() {
    return Side.of(new AllReduceEngine(spark, training, shards, settings), training);
  }

  Side tree() {
    return Side.of(new TreeEngine(spark, training, shards, settings), training);
  }

  /** Executors of their own have compiled nothing yet, and each needs its turn. */
  static long warmUpNanos(JavaSparkContext spark) {
    return spark.isLocal() ? 300_000_000L : 4_000_000_000L;
  }

  @Override
  public void close() {
    shards.close();
  }
}
