package dev.lockstep.train;

import dev.lockstep.engine.Engine;
import dev.lockstep.engine.Evaluation;

/** Where a run's work is done: an engine, and evaluation over the same executors. */
interface Compute extends AutoCloseable {
  Engine engine();

  /** Loss and accuracy of parameters, in panel order, over both halves of the data. */
  Scores evaluate(float[] parameters);

  /**
   * How well parameters do.
   *
   * @param train over the training set
   * @param test over the test set
   */
  record Scores(Evaluation train, Evaluation test) {}

  @Override
  void close();
}
