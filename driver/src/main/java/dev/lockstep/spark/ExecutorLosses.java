package dev.lockstep.spark;

import java.util.Optional;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerExecutorRemoved;

/**
 * Which executor was lost first since there were enough: why a round has too few slots, also where
 * no task of it had begun.
 */
final class ExecutorLosses extends SparkListener {
  private String first;

  /** From now on there are enough. */
  synchronized void forget() {
    first = null;
  }

  /** The first loss since then, in a sentence. */
  synchronized Optional<String> first() {
    return Optional.ofNullable(first);
  }

  @Override
  public synchronized void onExecutorRemoved(SparkListenerExecutorRemoved removed) {
    if (first == null) {
      first = "executor %s was lost: %s".formatted(removed.executorId(), removed.reason());
    }
  }
}
