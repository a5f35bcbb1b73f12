package dev.lockstep.train;

import dev.lockstep.config.EngineName;
import dev.lockstep.config.RunConfig;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.Training;
import dev.lockstep.gradient.Diagnosis;
import dev.lockstep.layer.Normalize;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.spark.AllReduceEngine;
import dev.lockstep.spark.SparkDiagnosis;
import dev.lockstep.spark.SparkEvaluation;
import dev.lockstep.spark.SparkFeatureSums;
import dev.lockstep.spark.SparkSettings;
import dev.lockstep.spark.SparkShards;
import dev.lockstep.spark.TreeEngine;
import dev.lockstep.ui.SparkWatchers;
import dev.lockstep.watch.RunDescription;
import dev.lockstep.watch.RunWatcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/** The work spread over Spark's executors. */
final class SparkCompute implements Compute {
  private final JavaSparkContext spark;
  private final Optional<Normalize> normalization;
  private final Training training;
  private final String kernel;
  private final SparkShards trainShards;
  private final Optional<SparkShards> validationShards;
  private final Optional<SparkShards> testShards;
  private final Engine engine;

  SparkCompute(
      JavaSparkContext spark, ResolvedRun run, EngineName engine, DataLoading loading, int ranks)
      throws IOException {
    RunConfig config = run.config();
    this.spark = spark;
    this.kernel = config.kernel();
    this.trainShards = loading.train(spark, ranks);
    this.validationShards = loading.validation(spark, ranks);
    this.testShards = loading.test(spark, ranks);
    this.normalization = run.normalization(() -> SparkFeatureSums.of(trainShards));
    this.training = run.training(normalization);
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
  public Optional<Normalize> normalization() {
    return normalization;
  }

  @Override
  public Training training() {
    return training;
  }

  @Override
  public Evaluation validate(float[] parameters) {
    return evaluate(parameters, List.of(validationShards.orElseThrow()), 0).get(0);
  }

  @Override
  public Optional<Evaluation> test(float[] parameters) {
    return testShards.map(shards -> evaluate(parameters, List.of(shards), 0).get(0));
  }

  @Override
  public Scores evaluate(float[] parameters) {
    List<SparkShards> sets = new ArrayList<>(List.of(trainShards));
    testShards.ifPresent(sets::add);
    List<Evaluation> all = evaluate(parameters, sets, WORST);
    return new Scores(all.get(0), all.stream().skip(1).findFirst());
  }

  private List<Evaluation> evaluate(float[] parameters, List<SparkShards> sets, int worst) {
    engine.rest();
    return SparkEvaluation.of(
        spark, training.network(), training.loss(), parameters, sets, kernel, worst);
  }

  @Override
  public Optional<Diagnosis> diagnose(long step, float[] parameters) {
    engine.rest();
    return SparkDiagnosis.of(spark, training, trainShards, kernel, step, parameters);
  }

  @Override
  public List<RunWatcher> watchers(RunDescription run) {
    return SparkWatchers.of(spark.sc(), run);
  }

  @Override
  public void close() {
    engine.close();
    trainShards.close();
    validationShards.ifPresent(SparkShards::close);
    testShards.ifPresent(SparkShards::close);
  }
}
