package dev.lockstep.watch;

import dev.lockstep.engine.LayerHealth;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.metric.Evaluation;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/**
 * All who watch a run. One that fails is left out from then on, and the user told once: a run does
 * not end because somebody cannot look on.
 */
public final class RunWatchers implements RunWatcher {
  private final List<RunWatcher> watchers;
  private final Consumer<String> messages;
  private boolean hasEnded;

  /**
   * These watchers.
   *
   * @param messages takes sentences for the user
   */
  public RunWatchers(List<RunWatcher> watchers, Consumer<String> messages) {
    this.watchers = new CopyOnWriteArrayList<>(watchers);
    this.messages = messages;
  }

  @Override
  public void onStep(StepRecord step) {
    each(watcher -> watcher.onStep(step));
  }

  @Override
  public void onRound(
      RoundResult result, Optional<Evaluation> validation, List<LayerHealth> health) {
    each(watcher -> watcher.onRound(result, validation, health));
  }

  /** The first end counts. */
  @Override
  public void onEnd(RunEnd end) {
    if (!hasEnded) {
      hasEnded = true;
      each(watcher -> watcher.onEnd(end));
    }
  }

  /** A run that is closed without an end has failed. */
  @Override
  public void close() {
    onEnd(RunEnd.early(RunEnd.Status.FAILED, ""));
    each(RunWatcher::close);
  }

  private void each(Consumer<RunWatcher> call) {
    watchers.forEach(watcher -> tell(watcher, call));
  }

  private void tell(RunWatcher watcher, Consumer<RunWatcher> call) {
    try {
      call.accept(watcher);
    } catch (RuntimeException e) {
      if (watchers.remove(watcher)) {
        messages.accept(
            "%s no longer watches this run: %s"
                .formatted(watcher.getClass().getSimpleName(), e.getMessage()));
        watcher.close();
      }
    }
  }
}
