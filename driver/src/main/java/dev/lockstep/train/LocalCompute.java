package dev.lockstep.train;

import dev.lockstep.data.ExampleSet;
import dev.lockstep.data.FeatureSums;
import dev.lockstep.data.Shard;
import dev.lockstep.engine.DivergedException;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.LocalEngine;
import dev.lockstep.engine.Training;
import dev.lockstep.gradient.Diagnosis;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.layer.Normalize;
import dev.lockstep.metric.Evaluation;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Everything in this thread; no class of Spark is loaded. */
final class LocalCompute implements Compute {
  private final Optional<Normalize> normalization;
  private final Training training;
  private final Kernels kernels;
  private final List<Shard> trainShards;
  private final List<Shard> validationShards;
  private final List<Shard> testShards;
  private final Engine engine;

  private LocalCompute(
      ResolvedRun run, List<Shard> train, List<Shard> validation, List<Shard> test) {
    this.kernels = run.kernel().kernels();
    this.trainShards = train;
    this.validationShards = validation;
    this.testShards = test;
    this.normalization = run.normalization(() -> FeatureSums.of(trainShards));
    this.training = run.training(normalization);
    this.engine = new LocalEngine(training, trainShards, kernels);
  }

  /** Reads all data. */
  static <S extends ExampleSet> LocalCompute of(ResolvedRun run, RunData<S> data)
      throws IOException {
    return new LocalCompute(
        run,
        data.read(data.train(), run.training().plan(), run),
        evaluated(run, data, data.validation()),
        evaluated(run, data, data.test()));
  }

  private static <S extends ExampleSet> List<Shard> evaluated(
      ResolvedRun run, RunData<S> data, Optional<S> part) throws IOException {
    return part.isPresent()
        ? data.read(part.get(), run.evaluationPlan(part.get()), run)
        : List.of();
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
    return score(parameters, validationShards, 0);
  }

  @Override
  public Optional<Evaluation> test(float[] parameters) {
    return testShards.isEmpty()
        ? Optional.empty()
        : Optional.of(score(parameters, testShards, WORST));
  }

  @Override
  public Scores evaluate(float[] parameters) {
    return new Scores(score(parameters, trainShards, 0), test(parameters));
  }

  private Evaluation score(float[] parameters, List<Shard> shards, int worst) {
    return Evaluation.of(training.network(), training.loss(), parameters, shards, kernels, worst);
  }

  @Override
  public Optional<Diagnosis> diagnose(long step, float[] parameters) {
    return Diagnosis.of(
        training.network(),
        training.loss(),
        training.plan(),
        trainShards,
        kernels,
        DivergedException.MAX_LOSS,
        step,
        parameters);
  }

  @Override
  public void close() {
    engine.close();
  }
}
