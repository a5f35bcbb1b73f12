package dev.lockstep.train;

import dev.lockstep.engine.Engine;
import dev.lockstep.engine.Training;
import dev.lockstep.gradient.Diagnosis;
import dev.lockstep.layer.Normalize;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.watch.RunDescription;
import dev.lockstep.watch.RunWatcher;
import java.util.List;
import java.util.Optional;

/** Where a run's work is done: an engine, and evaluation over the same executors. */
interface Compute extends AutoCloseable {
  /** So many of the examples of the test set that did worst are kept. */
  int WORST = 32;

  Engine engine();

  /** What inputs are made of bytes by; empty where that is the same for all data. */
  Optional<Normalize> normalization();

  /** What is trained, with inputs made so. */
  Training training();

  /** How well parameters, in panel order, do on the data. */
  Scores evaluate(float[] parameters);

  /**
   * How well parameters do on what is held out.
   *
   * @throws IllegalStateException if nothing is
   */
  Evaluation validate(float[] parameters);

  /** How well parameters do on the test set, if there is one. */
  Optional<Evaluation> test(float[] parameters);

  /**
   * Where a step leaves the finite numbers.
   *
   * @param step the step (from 0)
   * @param parameters those that it begins with, in panel order
   */
  Optional<Diagnosis> diagnose(long step, float[] parameters);

  /**
   * How well parameters do.
   *
   * @param train over the training set
   * @param test over the test set, if there is one
   */
  record Scores(Evaluation train, Optional<Evaluation> test) {}

  /** Those of the place of the work who would watch a run. */
  default List<RunWatcher> watchers(RunDescription run) {
    return List.of();
  }

  @Override
  void close();
}
