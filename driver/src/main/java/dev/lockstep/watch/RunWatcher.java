package dev.lockstep.watch;

import dev.lockstep.engine.LayerHealth;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.metric.Evaluation;
import java.util.List;
import java.util.Optional;

/** Hears of one run, from its first step to its end. The run waits for it: it should be quick. */
public interface RunWatcher extends AutoCloseable {
  /**
   * A step of a round that still runs; some of them, from any thread, and again if the round is run
   * again.
   */
  default void onStep(StepRecord step) {}

  /**
   * A round that is committed.
   *
   * @param validation over what is held out, where it was evaluated
   * @param health of the layers, where an epoch ended
   */
  void onRound(RoundResult result, Optional<Evaluation> validation, List<LayerHealth> health);

  /** The end of the run; nothing comes behind it. */
  default void onEnd(RunEnd end) {}

  /** Gives back what the watcher holds. */
  @Override
  void close();
}
