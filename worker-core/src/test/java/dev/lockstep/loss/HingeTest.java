package dev.lockstep.loss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.kernel.Panels;
import java.util.List;
import org.junit.jupiter.api.Test;

class HingeTest {
  private final float[] losses = new float[1];

  private float[] gradient(double margin, int target, float... outputs) {
    Panels y = Panels.allocate(1, outputs.length);
    Panels dy = Panels.allocate(1, outputs.length);
    for (int c = 0; c < outputs.length; c++) {
      y.set(0, c, outputs[c]);
    }
    new Hinge(margin, List.of())
        .lossAndGradient(
            KernelChoice.of("scalar").kernels(), 1, y, Targets.ofClasses(target), losses, dy);
    float[] gradient = new float[outputs.length];
    for (int c = 0; c < outputs.length; c++) {
      gradient[c] = dy.get(0, c);
    }
    return gradient;
  }

  /** By hand: 1 + 3 - 2 = 2 and 1 + 1.5 - 2 = 0.5 count, 1 - 4 - 2 does not. */
  @Test
  void classesThatAreNotFarEnoughBelow() {
    assertThat(gradient(1, 0, 2, 3, 1.5f, -4)).containsExactly(-2, 1, 1, 0);
    assertThat(losses[0]).isEqualTo(2.5f);
  }

  @Test
  void nothingIsLeftToLearnBeyondTheMargin() {
    assertThat(gradient(1, 0, 2, 0.5f)).containsExactly(0, 0);
    assertThat(gradient(1, 1, 1.5f)).containsExactly(0);
    assertThat(losses[0]).isZero();
  }

  /** From zero weights all outputs are equal: a perceptron must leave them. */
  @Test
  void aPerceptronLearnsFromEquality() {
    assertThat(gradient(0, 1, 0, 0, 0)).containsExactly(1, -2, 1);
    assertThat(gradient(0, 1, 0)).containsExactly(-1);
    assertThat(gradient(0, 0, 0)).containsExactly(1);
    assertThat(losses[0]).isZero();
    assertThat(gradient(0, 1, 0.5f)).containsExactly(0);
    assertThat(gradient(0, 0, 0.5f)).containsExactly(1);
    assertThat(losses[0]).isEqualTo(0.5f);
  }
}
