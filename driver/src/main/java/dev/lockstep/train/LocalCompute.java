package dev.lockstep.train;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Shard;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.Evaluation;
import dev.lockstep.engine.LocalEngine;
import dev.lockstep.engine.Training;
import dev.lockstep.kernel.Kernels;
import java.io.IOException;
import java.util.List;

/** Everything in this thread; no class of Spark is loaded. */
final class LocalCompute implements Compute {
  private final Training training;
  private final Kernels kernels;
  private final List<Shard> trainShards;
  private final List<Shard> testShards;
  private final Engine engine;

  LocalCompute(Training training, ExampleSource train, ExampleSource test, Kernels kernels)
      throws IOException {
    this.training = training;
    this.kernels = kernels;
    this.trainShards = read(train, training.plan());
    this.testShards = read(test, EvaluationPlan.of(test, training.plan()));
    this.engine = new LocalEngine(training, trainShards, kernels);
  }

  private List<Shard> read(ExampleSource source, BatchPlan plan) throws IOException {
    return Shard.read(source, plan, 0, plan.shards(), training.classes());
  }

  @Override
  public Engine engine() {
    return engine;
  }

  @Override
  public Scores evaluate(float[] parameters) {
    return new Scores(score(parameters, trainShards), score(parameters, testShards));
  }

  private Evaluation score(float[] parameters, List<Shard> shards) {
    return Evaluation.total(
        Evaluation.of(training.network(), training.loss(), parameters, shards, kernels));
  }

  @Override
  public void close() {
    engine.close();
  }
}
