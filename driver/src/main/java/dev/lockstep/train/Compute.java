package dev.lockstep.train;

import dev.lockstep.data.Split;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.Evaluation;

/** Where a run's work is done: an engine, and evaluation over the same executors. */
interface Compute extends AutoCloseable {
  Engine engine();

  /** Loss and accuracy of parameters, in panel order, over one half of the data. */
  Evaluation evaluate(float[] parameters, Split split);

  @Override
  void close();
}
