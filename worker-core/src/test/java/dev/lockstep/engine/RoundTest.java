package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoundTest {
  @ParameterizedTest
  @CsvSource({"-1, 1", "0, 0", "3, -1"})
  void refusesRoundsOfNothing(long first, int steps) {
    assertThatThrownBy(() -> new Round(first, steps))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a round of %d steps from %d: want 1 or more from 0".formatted(steps, first));
  }

  @Test
  void endsBehindItsLastStep() {
    assertThat(new Round(7, 3).end()).isEqualTo(10);
    assertThat(new Round(Integer.MAX_VALUE, Integer.MAX_VALUE).end()).isEqualTo(0xfffffffeL);
  }

  @Test
  void followsTheStateOfItsFirstStepAlone() {
    State state = new State(7, 1, new SlicedVector(List.of()), List.of(), List.of(), Monitors.NONE);
    assertThatCode(() -> new Round(7, 2).checkFollows(state)).doesNotThrowAnyException();
    for (long first : new long[] {0, 6, 8}) {
      assertThatThrownBy(() -> new Round(first, 2).checkFollows(state))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a round from step %d for a state of step 7".formatted(first));
    }
  }
}
