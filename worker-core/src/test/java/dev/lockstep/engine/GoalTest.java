package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoalTest {
  @ParameterizedTest
  @CsvSource({
    "validation_accuracy >= 0.97, 0.97, true",
    "validation_accuracy>=0.97, 0.9699999, false",
    "validation_loss <= 0.1, 0.1, true",
    "validation_loss <= 0.1, 0.1000001, false",
    "train_loss <= 1e-2, 0.005, true",
    "train_loss <= -1, 0, false",
    "validation_accuracy >= 0, NaN, false",
    "validation_loss <= 1, NaN, false"
  })
  void isReachedAtItsBound(String text, double value, boolean isReached) {
    assertThat(Goal.parse(text).isReachedBy(value)).isEqualTo(isReached);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "accuracy >= 0.9",
        "validation_accuracy <= 0.9",
        "validation_accuracy > 0.9",
        "validation_loss >= 1",
        "train_loss <= x",
        "train_loss <= 1e999",
        "train_loss <= 1 2"
      })
  void anythingElseIsRefused(String text) {
    assertThatThrownBy(() -> Goal.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("want");
  }

  @Test
  void aStateAtItsGoalIsOverAndForgetsItsBest() {
    SlicedVector vector = new SlicedVector(List.of());
    State state = new State(5, 1, vector, List.of(), List.of(vector), Monitors.NONE);
    State after = state.atGoal();
    assertThat(after.monitors().decisions().isStopped()).isTrue();
    assertThat(after.monitors().decisions().goalStep()).isEqualTo(5);
    assertThat(state.monitors().decisions().isAtGoal()).isFalse();
    assertThat(after.best()).isEmpty();
  }
}
