package dev.lockstep.train;

import dev.lockstep.config.EngineName;
import dev.lockstep.config.RunConfig;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.Evaluation;
import dev.lockstep.engine.Training;
import dev.lockstep.spark.AllReduceEngine;
import dev.lockstep.spark.SparkEvaluation;
import dev.lockstep.spark.SparkSettings;
import dev.lockstep.spark.SparkShards;
import dev.lockstep.spark.TreeEngine;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;

/** The work spread over Spark's executors. */
final class SparkCompute implements Compute {
  private final JavaSparkContext spark;
  private final Training training;
  private final String kernel;
  private final SparkShards trainShards;
  private final SparkShards testShards;
  private final Engine engine;

  SparkCompute(
      JavaSparkContext spark,
      RunConfig config,
      EngineName engine,
      Training training,
      SparkShards trainShards,
      SparkShards testShards) {
    this.spark = spark;
    this.training = training;
    this.kernel = config.kernel();
    this.trainShards = trainShards;
    this.testShards = testShards;
    SparkSettings settings = SparkSessions.engineSettings(config, config.round().attempts());
    this.engine =
        engine == EngineName.TREE
            ? new TreeEngine(spark, training, trainShards, settings)
            : new AllReduceEngine(spark, training, trainShards, settings);
  }

  @Override
  public Engine engine() {
    return engine;
  }

  @Override
  public Scores evaluate(float[] parameters) {
    engine.rest();
    List<Evaluation> both =
        SparkEvaluation.of(
            spark,
            training.network(),
            training.loss(),
            parameters,
            List.of(trainShards, testShards),
            kernel);
    return new Scores(both.get(0), both.get(1));
  }

  @Override
  public void close() {
    engine.close();
    trainShards.close();
    testShards.close();
  }
}
