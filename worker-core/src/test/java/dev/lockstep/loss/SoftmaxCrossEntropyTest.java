package dev.lockstep.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.fixture.ReferenceNetwork;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoftmaxCrossEntropyTest {
  private final Loss loss = new SoftmaxCrossEntropy();
  private final Kernels kernels = KernelChoice.of("auto").kernels();
  private final SplittableRandom random = new SplittableRandom(5);

  /** Against a stable reference in double: the loss within 4 ulp, the gradient within 1e-6. */
  @ParameterizedTest
  @ValueSource(floats = {0f, 1e-3f, 1f, 10f, 100f, 1e4f, 1e30f})
  void logitsOfAnySizeGiveTheLossOfTheReference(float size) {
    for (int classes : new int[] {2, 5, 33}) {
      for (int trial = 0; trial < 50; trial++) {
        float[] logits = new float[classes];
        for (int c = 0; c < classes; c++) {
          logits[c] = trial % 2 == 0 ? random.nextFloat(-1f, 1f) * size : corner(size);
        }
        assertMatchesReference(logits);
      }
    }
  }

  private float corner(float size) {
    return random.nextBoolean() ? size : -size;
  }

  private void assertMatchesReference(float[] logits) {
    double[] exact = IntStream.range(0, logits.length).mapToDouble(c -> logits[c]).toArray();
    for (int target = 0; target < logits.length; target++) {
      Panels y = row(logits);
      Panels dy = Panels.allocate(1, logits.length);
      float[] losses = new float[1];
      loss.lossAndGradient(kernels, 1, y, Targets.ofClasses(target), losses, dy);
      double expected = ReferenceNetwork.crossEntropy(exact, target);
      // In ulp of the loss, or of 1 where the loss is a difference of numbers of that size.
      double ulp = Math.ulp((float) Math.max(expected, 1));
      assertThat((double) losses[0])
          .as("loss of %s at %s", Arrays.toString(logits), target)
          .isCloseTo(expected, within(4 * ulp));
      for (int c = 0; c < logits.length; c++) {
        double share = StrictMath.exp(-ReferenceNetwork.crossEntropy(exact, c));
        assertThat((double) dy.get(0, c))
            .as("gradient %s of %s at %s", c, Arrays.toString(logits), target)
            .isCloseTo(share - (c == target ? 1 : 0), within(1e-6));
      }
    }
  }

  /** The textbook's own numbers, without the reference. */
  @Test
  void knownValues() {
    Panels dy = Panels.allocate(3, 2);
    Panels y = Panels.allocate(3, 2);
    y.set(1, 0, 1e4f);
    y.set(1, 1, -1e4f);
    y.set(2, 0, 1e4f);
    y.set(2, 1, -1e4f);
    float[] losses = new float[3];
    loss.lossAndGradient(kernels, 3, y, Targets.ofClasses(0, 0, 1), losses, dy);
    assertThat(losses).containsExactly((float) Math.log(2), 0f, 2e4f);
    assertThat(dy.get(0, 0)).isEqualTo(-0.5f);
    assertThat(dy.get(0, 1)).isEqualTo(0.5f);
    assertThat(dy.get(1, 0)).isEqualTo(0f);
    assertThat(dy.get(1, 1)).isEqualTo(0f);
    assertThat(dy.get(2, 0)).isEqualTo(1f);
    assertThat(dy.get(2, 1)).isEqualTo(-1f);
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
  void aLogitThatIsNotFiniteIsNotHidden(float bad) {
    for (int c = 0; c < 3; c++) {
      for (int target = 0; target < 3; target++) {
        float[] logits = {0.5f, -0.5f, 1f};
        logits[c] = bad;
        float[] losses = new float[1];
        Panels dy = Panels.allocate(1, 3);
        loss.lossAndGradient(kernels, 1, row(logits), Targets.ofClasses(target), losses, dy);
        assertThat(losses[0]).as("%s at %s, target %s", bad, c, target).isNaN();
      }
    }
  }

  private static Panels row(float[] logits) {
    Panels y = Panels.allocate(1, logits.length);
    for (int c = 0; c < logits.length; c++) {
      y.set(0, c, logits[c]);
    }
    return y;
  }
}
