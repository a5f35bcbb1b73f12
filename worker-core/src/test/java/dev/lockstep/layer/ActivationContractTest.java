package dev.lockstep.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.fixture.Bits;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.kernel.Kernels;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds for every activation. */
class ActivationContractTest {
  private static final int LENGTH = 133;

  private final SplittableRandom random = new SplittableRandom(11);

  /** The functions in double; a new activation does not compile without its row. */
  private static double exact(Activation activation, double x) {
    return switch (activation) {
      case IDENTITY -> x;
      case RELU -> x > 0 ? x : 0;
      case SIGMOID -> 1 / (1 + StrictMath.exp(-x));
      case TANH -> StrictMath.tanh(x);
    };
  }

  private float[] draw(double size) {
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = (float) (size * random.nextGaussian());
    }
    return values;
  }

  @ParameterizedTest
  @EnumSource
  void isTheFunction(Activation activation) {
    for (Kernels kernels : KernelWidths.all()) {
      float[] x = draw(3);
      float[] y = x.clone();
      activation.forward(kernels, y, 0, LENGTH);
      for (int i = 0; i < LENGTH; i++) {
        double expected = exact(activation, x[i]);
        assertThat((double) y[i])
            .as("%s of %s", activation, x[i])
            .isCloseTo(expected, within(3e-7 * Math.abs(expected)));
      }
    }
  }

  /** Against central differences, away from the kink at 0. */
  @ParameterizedTest
  @EnumSource
  void backwardIsTheDerivative(Activation activation) {
    double step = 1e-5;
    for (Kernels kernels : KernelWidths.all()) {
      float[] x = draw(2);
      float[] y = x.clone();
      float[] upstream = draw(1);
      float[] dy = upstream.clone();
      activation.forward(kernels, y, 0, LENGTH);
      activation.backward(kernels, y, 0, dy, 0, LENGTH);
      for (int i = 0; i < LENGTH; i++) {
        double slope = exact(activation, x[i] + step) - exact(activation, x[i] - step);
        double expected = upstream[i] * slope / (2 * step);
        if (Math.abs(x[i]) > step) {
          assertThat((double) dy[i])
              .as("%s at %s", activation, x[i])
              .isCloseTo(expected, within(1e-6));
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void elementsDoNotKnowEachOther(Activation activation) {
    for (Kernels kernels : KernelWidths.all()) {
      float[] whole = draw(3);
      float[] wholeGradient = draw(1);
      float[] parts = whole.clone();
      float[] partsGradient = wholeGradient.clone();
      activation.forward(kernels, whole, 0, LENGTH);
      activation.backward(kernels, whole, 0, wholeGradient, 0, LENGTH);
      for (int from = 0, to; from < LENGTH; from = to) {
        to = Math.min(LENGTH, from + random.nextInt(1, 30));
        activation.forward(kernels, parts, from, to);
        activation.backward(kernels, parts, from, partsGradient, from, to - from);
      }
      Bits.assertSame(activation, parts, whole);
      Bits.assertSame(activation, partsGradient, wholeGradient);
    }
  }

  @ParameterizedTest
  @EnumSource
  void notANumberGoesThrough(Activation activation) {
    for (Kernels kernels : KernelWidths.all()) {
      for (int at = 0; at < LENGTH; at++) {
        float[] y = new float[LENGTH];
        y[at] = Float.NaN;
        activation.forward(kernels, y, 0, LENGTH);
        for (int i = 0; i < LENGTH; i++) {
          assertThat(Float.isNaN(y[i])).isEqualTo(i == at);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void isFoundByItsName(Activation activation) {
    assertThat(Activation.named(activation.configName())).contains(activation);
    assertThat(Activation.names()).contains(activation.configName());
  }

  @Test
  void anUnknownNameIsNone() {
    assertThat(Activation.named("RELU")).isEmpty();
  }
}
