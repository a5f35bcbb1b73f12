package dev.lockstep.train;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.ExampleSource;
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

  LocalCompute(ResolvedRun run, RunData data) throws IOException {
    this.kernels = run.kernel().kernels();
    this.trainShards = read(run, data.train(), run.training().plan());
    this.testShards = read(run, data.test(), run.evaluationPlan(data.test()));
    this.validationShards =
        data.validation().isPresent()
            ? read(run, data.validation().get(), run.evaluationPlan(data.validation().get()))
            : List.of();
    this.normalization = run.normalization(() -> FeatureSums.of(trainShards));
    this.training = run.training(normalization);
    this.engine = new LocalEngine(training, trainShards, kernels);
  }

  private static List<Shard> read(ResolvedRun run, ExampleSource source, BatchPlan plan)
      throws IOException {
    return Shard.read(source, plan, 0, plan.shards(), run.training().classes(), run.room());
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
    return score(parameters, validationShards);
  }

  @Override
  public Scores evaluate(float[] parameters) {
    return new Scores(score(parameters, trainShards), Optional.of(score(parameters, testShards)));
  }

  private Evaluation score(float[] parameters, List<Shard> shards) {
    return Evaluation.of(training.network(), training.loss(), parameters, shards, kernels);
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
