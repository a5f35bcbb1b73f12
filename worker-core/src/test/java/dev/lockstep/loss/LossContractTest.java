package dev.lockstep.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.fixture.Bits;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.fixture.ReferenceNetwork;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleBiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every loss. */
class LossContractTest {
  private static final int ROWS = 9;

  /** The losses in double: of outputs and target. */
  private static final Map<String, ToDoubleBiFunction<double[], Integer>> EXACT =
      Map.of("softmax-cross-entropy", ReferenceNetwork::crossEntropy);

  private final Kernels kernels = KernelChoice.of("scalar").kernels();
  private final SplittableRandom random = new SplittableRandom(12);

  static List<Loss> losses() {
    return Losses.names().stream().map(Losses::of).toList();
  }

  private Panels drawOutputs(int classes) {
    Panels y = Panels.allocate(ROWS + 2, classes);
    for (int i = 0; i < y.data().length; i++) {
      y.data()[i] = (float) (2 * random.nextGaussian());
    }
    return y;
  }

  private int[] drawTargets(int classes) {
    return random.ints(ROWS, 0, classes).toArray();
  }

  @ParameterizedTest
  @MethodSource("losses")
  void isTheLossOfEachRowAndItsDerivative(Loss loss) {
    ToDoubleBiFunction<double[], Integer> exact = EXACT.get(loss.name());
    assertThat(exact).as("a reference for " + loss.name()).isNotNull();
    double step = 1e-5;
    for (int classes : new int[] {1, 2, 10, 32, 33}) {
      Panels y = drawOutputs(classes);
      Panels dy = Panels.allocate(ROWS + 2, classes);
      int[] targets = drawTargets(classes);
      float[] losses = new float[ROWS];
      loss.lossAndGradient(kernels, ROWS, y, targets, losses, dy);
      for (int r = 0; r < ROWS; r++) {
        double[] outputs = new double[classes];
        for (int c = 0; c < classes; c++) {
          outputs[c] = y.get(r, c);
        }
        assertThat((double) losses[r])
            .isCloseTo(exact.applyAsDouble(outputs, targets[r]), within(2e-6));
        for (int c = 0; c < classes; c++) {
          double at = outputs[c];
          outputs[c] = at + step;
          double above = exact.applyAsDouble(outputs, targets[r]);
          outputs[c] = at - step;
          double below = exact.applyAsDouble(outputs, targets[r]);
          outputs[c] = at;
          assertThat((double) dy.get(r, c)).isCloseTo((above - below) / (2 * step), within(1e-6));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void allKernelsGiveTheSameBits(Loss loss) {
    for (int classes : new int[] {1, 2, 10, 32, 33, 70}) {
      Panels y = drawOutputs(classes);
      int[] targets = drawTargets(classes);
      float[] expected = new float[ROWS];
      Panels expectedGradient = Panels.allocate(ROWS, classes);
      loss.lossAndGradient(kernels, ROWS, y, targets, expected, expectedGradient);
      for (Kernels others : KernelWidths.all()) {
        float[] losses = new float[ROWS];
        Panels dy = Panels.allocate(ROWS, classes);
        loss.lossAndGradient(others, ROWS, y, targets, losses, dy);
        Bits.assertSame("losses by " + others.name(), losses, expected);
        Bits.assertSame("gradient by " + others.name(), dy.data(), expectedGradient.data());
      }
    }
  }

  /** So a loss is of a row, not of a batch, and a block may hold any rows. */
  @ParameterizedTest
  @MethodSource("losses")
  void aRowDoesNotKnowTheOthers(Loss loss) {
    Panels y = drawOutputs(33);
    Panels dy = Panels.allocate(ROWS, 33);
    int[] targets = drawTargets(33);
    float[] losses = new float[ROWS];
    loss.lossAndGradient(kernels, ROWS, y, targets, losses, dy);
    for (int r = 0; r < ROWS; r++) {
      Panels yOfRow = Panels.allocate(1, 33);
      Panels dyOfRow = Panels.allocate(1, 33);
      float[] lossOfRow = new float[1];
      for (int c = 0; c < 33; c++) {
        yOfRow.set(0, c, y.get(r, c));
      }
      loss.lossAndGradient(kernels, 1, yOfRow, new int[] {targets[r]}, lossOfRow, dyOfRow);
      Bits.assertSame("loss of row " + r, lossOfRow[0], losses[r]);
      for (int c = 0; c < 33; c++) {
        Bits.assertSame("gradient of row " + r, dyOfRow.get(0, c), dy.get(r, c));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("losses")
  void lossAloneGivesTheSameBits(Loss loss) {
    Panels y = drawOutputs(33);
    int[] targets = drawTargets(33);
    float[] expected = new float[ROWS];
    float[] losses = new float[ROWS];
    loss.lossAndGradient(kernels, ROWS, y, targets, expected, Panels.allocate(ROWS, 33));
    loss.loss(ROWS, y, targets, losses);
    Bits.assertSame(loss.name(), losses, expected);
  }

  @ParameterizedTest
  @MethodSource("losses")
  void paddingOfTheGradientIsPositiveZeroAndOtherRowsStay(Loss loss) {
    for (int classes : new int[] {1, 31, 33}) {
      Panels dy = Panels.allocate(ROWS + 2, classes);
      Arrays.fill(dy.data(), -7f);
      Panels y = drawOutputs(classes);
      float[] outputs = y.data().clone();
      loss.lossAndGradient(kernels, ROWS, y, drawTargets(classes), new float[ROWS], dy);
      Bits.assertSame("the outputs", y.data(), outputs);
      for (int c = 0; c < dy.count() * Panels.WIDTH; c++) {
        for (int r = 0; r < ROWS && c >= classes; r++) {
          Bits.assertSame("padding", dy.get(r, c), 0f);
        }
        assertThat(dy.get(ROWS, c)).isEqualTo(-7f);
      }
    }
  }

  @Test
  void anUnknownNameIsRefusedNamingTheKnownOnes() {
    assertThatThrownBy(() -> Losses.of("hinge"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("loss hinge: want one of " + String.join(", ", Losses.names()));
  }
}
