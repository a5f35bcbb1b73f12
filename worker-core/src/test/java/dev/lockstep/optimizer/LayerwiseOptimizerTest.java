package dev.lockstep.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** What LARS and LAMB make of norms; their whole updates are held against golden values. */
class LayerwiseOptimizerTest {
  @Test
  void larsTrustsAsThePaperSays() {
    Lars lars = new Lars(0.9f, 0.001f, 0.5f);
    assertThat(lars.trust(4, 2)).isCloseTo(0.001 * 4 / (2 + 0.5 * 4), within(1e-10));
    assertThat(new Lars(0.9f, 0.25f, 0).trust(4, 2)).isEqualTo(0.5);
  }

  @Test
  void lambTrustsWithinBounds() {
    Lamb lamb = new Lamb(0.9f, 0.999f, 1e-6f, 0.01f, 0.5f, 2f);
    assertThat(lamb.trust(0.1, 4)).isEqualTo(0.5 / 4);
    assertThat(lamb.trust(1, 4)).isEqualTo(1.0 / 4);
    assertThat(lamb.trust(3, 4)).isEqualTo(2.0 / 4);
    assertThat(lamb(0, 0).trust(1e6, 4)).isEqualTo(250_000);
  }

  /** Of a layer that begins at 0, or has nothing to learn. */
  @Test
  void normsOfZeroScaleNothing() {
    for (LayerwiseOptimizer optimizer :
        new LayerwiseOptimizer[] {new Lars(0.9f, 0.001f, 0), lamb(0, 0)}) {
      assertThat(optimizer.trust(0, 3)).isEqualTo(1);
      assertThat(optimizer.trust(3, 0)).isEqualTo(1);
      assertThat(optimizer.trust(0, 0)).isEqualTo(1);
    }
    assertThat(lamb(0.5f, 0).trust(0, 4)).as("phi(0) is the lower bound").isEqualTo(0.125);
  }

  @Test
  void boundsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> lamb(2, 1))
        .hasMessage("norm-max = 1.0: want 0, or at least norm-min = 2.0");
  }

  private static Lamb lamb(float lower, float upper) {
    return new Lamb(0.9f, 0.999f, 1e-6f, 0.01f, lower, upper);
  }
}
