package dev.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.spark.scheduler.SparkListenerExecutorRemoved;
import org.junit.jupiter.api.Test;

/** The first of the losses is what counts. */
class ExecutorLossesTest {
  @Test
  void theFirstSinceThereWereEnough() {
    ExecutorLosses losses = new ExecutorLosses();
    assertThat(losses.first()).isEmpty();
    losses.onExecutorRemoved(new SparkListenerExecutorRemoved(1, "7", "worker lost"));
    losses.onExecutorRemoved(new SparkListenerExecutorRemoved(2, "8", "worker lost"));
    assertThat(losses.first()).hasValue("executor 7 was lost: worker lost");
    losses.forget();
    assertThat(losses.first()).isEmpty();
    losses.onExecutorRemoved(new SparkListenerExecutorRemoved(3, "9", "exit code 137"));
    assertThat(losses.first()).hasValue("executor 9 was lost: exit code 137");
  }
}
