package dev.lockstep.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.kernel.Panels;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SigmoidCrossEntropyTest {
  private final ElementwiseLoss loss = (ElementwiseLoss) Losses.of("sigmoid-cross-entropy");
  private final SplittableRandom random = new SplittableRandom(5);

  /** In ulp of the loss itself, however confident the output is. */
  @ParameterizedTest
  @ValueSource(floats = {1e-3f, 1f, 10f, 80f, 1e4f, 1e30f})
  void logitsOfAnySizeGiveTheLossOfTheFormula(float size) {
    for (int trial = 0; trial < 10_000; trial++) {
      float z = random.nextFloat(-size, size);
      for (int t = 0; t <= 1; t++) {
        double sign = t == 1 ? -z : z;
        double expected = Math.max(sign, 0) + Math.log1p(Math.exp(-Math.abs(sign)));
        assertThat((double) loss.loss(z, t))
            .as("loss of %s against %s", z, t)
            .isCloseTo(expected, within(Math.max(2e-38, 4.0 * Math.ulp((float) expected))));
        assertThat((double) loss.derivative(z, t))
            .as("derivative of %s against %s", z, t)
            .isCloseTo(1 / (1 + Math.exp(-z)) - t, within(2e-7));
      }
    }
  }

  /** The textbook's own numbers. */
  @Test
  void knownValues() {
    assertThat(loss.loss(0, 0)).isEqualTo((float) Math.log(2));
    assertThat(loss.loss(0, 1)).isEqualTo((float) Math.log(2));
    assertThat(loss.derivative(0, 0)).isEqualTo(0.5f);
    assertThat(loss.loss(1e4f, 1)).isBetween(0f, 2e-38f);
    assertThat(loss.loss(1e4f, 0)).isEqualTo(1e4f);
    assertThat(loss.loss(-1e4f, 1)).isEqualTo(1e4f);
  }

  /** An output says yes above one half, that is above a logit of 0. */
  @Test
  void oneOutputSaysYesAboveZero() {
    Panels y = Panels.allocate(3, 1);
    y.set(1, 0, 0.01f);
    y.set(2, 0, -0.01f);
    assertThat(loss.predicted(y, 0)).isZero();
    assertThat(loss.predicted(y, 1)).isEqualTo(1);
    assertThat(loss.predicted(y, 2)).isZero();
    assertThat(loss.classes(1)).isEqualTo(2);
  }
}
