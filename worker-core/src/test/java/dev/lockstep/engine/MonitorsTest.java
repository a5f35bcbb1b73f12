package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MonitorsTest {
  @Test
  void addUpTheStepsOfAnEpoch() {
    Monitors monitors = Monitors.NONE.after(0.1, 32, true).after(0.2, 32, false).after(4, 1, false);
    assertThat(monitors).isEqualTo(new Monitors(0.1 + 0.2 + 4, 65));
  }

  @Test
  void beginAnewWithAnEpoch() {
    assertThat(new Monitors(7.5, 99).after(0.25, 32, true)).isEqualTo(new Monitors(0.25, 32));
  }
}
