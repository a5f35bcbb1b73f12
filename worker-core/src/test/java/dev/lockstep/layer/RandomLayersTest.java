package dev.lockstep.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.fixture.Bits;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.kernel.RowSegments;
import dev.lockstep.random.Philox;
import dev.lockstep.random.Purpose;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dropout and noise: what they draw, and from what. */
class RandomLayersTest {
  private static final int ROWS = 200;
  private static final int UNITS = 500;

  /** Standard deviations that a statistic of 100,000 draws may be off. */
  private static final double SIGMAS = 4;

  private static Rows rows(long seed, long step, int... examples) {
    return Rows.training(RowSegments.single(examples.length, false), seed, step, examples);
  }

  private static Rows manyRows(long seed, long step) {
    return rows(seed, step, IntStream.range(0, ROWS).map(e -> 3 * e + 1).toArray());
  }

  /** Outputs of a layer for inputs that are all the same. */
  private static Panels forward(Layer layer, Rows rows, float value, Kernels kernels) {
    Panels x = Panels.allocate(rows.count(), layer.inputs());
    Arrays.fill(x.data(), value);
    Panels y = Panels.allocate(rows.count(), layer.outputs());
    Panels scratch = layer.scratch() == 0 ? null : Panels.allocate(rows.count(), layer.scratch());
    layer.forward(kernels, rows, new Operands(x, null, y, scratch, null, null, null, null, null));
    return y;
  }

  private static Panels forward(Layer layer, Rows rows) {
    return forward(layer, rows, 1f, Kernels.SCALAR);
  }

  private static double[] values(Panels y) {
    return IntStream.range(0, y.rows() * y.columns())
        .mapToDouble(i -> y.get(i / y.columns(), i % y.columns()))
        .toArray();
  }

  @ParameterizedTest
  @ValueSource(floats = {0.1f, 0.2f, 0.5f, 0.9f})
  void dropoutLeavesOutItsRateAndKeepsTheExpectation(float rate) {
    double[] y = values(forward(new Dropout(UNITS, rate, 2), manyRows(7, 11)));
    assertThat(Arrays.stream(y).distinct().toArray())
        .containsExactlyInAnyOrder(0.0, (double) (1f / (1f - rate)));
    double deviation = Math.sqrt(rate * (1 - rate) / y.length);
    double left = Arrays.stream(y).filter(v -> v == 0).count() / (double) y.length;
    assertThat(left).isCloseTo(rate, within(SIGMAS * deviation));
    double mean = Arrays.stream(y).average().orElseThrow();
    assertThat(mean).isCloseTo(1, within(SIGMAS * deviation / (1 - rate)));
  }

  /** Every unit over the rows, and every row over the units, by itself. */
  @Test
  void dropoutLeavesOutNoUnitAndNoExampleMoreThanOthers() {
    Panels y = forward(new Dropout(UNITS, 0.5f, 0), manyRows(1, 0));
    for (int u = 0; u < UNITS; u++) {
      int unit = u;
      assertThat((double) IntStream.range(0, ROWS).filter(r -> y.get(r, unit) == 0).count())
          .as("unit %s", u)
          .isCloseTo(ROWS / 2.0, within(5 * Math.sqrt(ROWS / 4.0)));
    }
    for (int r = 0; r < ROWS; r++) {
      int row = r;
      assertThat((double) IntStream.range(0, UNITS).filter(u -> y.get(row, u) == 0).count())
          .as("row %s", r)
          .isCloseTo(UNITS / 2.0, within(5 * Math.sqrt(UNITS / 4.0)));
    }
  }

  @Test
  void noiseIsNormalWithItsSigma() {
    double[] y = values(forward(new Noise(UNITS, 0.5f, 1), manyRows(3, 4), 0f, Kernels.SCALAR));
    int n = y.length;
    assertThat(Arrays.stream(y).average().orElseThrow())
        .isCloseTo(0, within(SIGMAS * 0.5 / Math.sqrt(n)));
    assertThat(Arrays.stream(y).map(v -> v * v).sum() / n)
        .isCloseTo(0.25, within(SIGMAS * 0.25 * Math.sqrt(2.0 / n)));
    for (double z : new double[] {-2.5, -1, -0.2, 0, 0.7, 2}) {
      double below = Gelu.normalCdf(z);
      assertThat(Arrays.stream(y).filter(v -> v < 0.5 * z).count() / (double) n)
          .as("part below %s sigma", z)
          .isCloseTo(below, within(SIGMAS * Math.sqrt(below * (1 - below) / n)));
    }
  }

  /** The counters of the Javadoc, word for word. */
  @Test
  void aUnitIsLeftOutWhereItsWordIsBelowTheRate() {
    float rate = 0.3f;
    int index = 5;
    Rows rows = rows(0x123456789abcdefL, (1L << 33) + 9, 17, -4);
    for (Kernels kernels : KernelWidths.all()) {
      Panels y = forward(new Dropout(70, rate, index), rows, 1f, kernels);
      int[] words = new int[4];
      for (int r = 0; r < 2; r++) {
        for (int u = 0; u < 70; u++) {
          int block = (index << 18) + 8 * (u / 32) + u % 8;
          Philox.words(rows.seed(), Purpose.DROPOUT, rows.examples()[r], 9, block, words);
          boolean isOut = Philox.toUniform(words[u / 8 % 4]) < rate;
          assertThat(y.get(r, u) == 0).as("row %s, unit %s", r, u).isEqualTo(isOut);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dropout", "noise"})
  void seedStepExampleAndPlaceAllMatterAndNothingElse(String name) {
    Panels first = forward(layer(name, 0), rows(1, 1, 5, 6));
    assertThat(values(forward(layer(name, 0), rows(1, 1, 5, 6)))).isEqualTo(values(first));
    assertThat(values(forward(layer(name, 0), rows(2, 1, 5, 6)))).isNotEqualTo(values(first));
    assertThat(values(forward(layer(name, 0), rows(1, 2, 5, 6)))).isNotEqualTo(values(first));
    assertThat(values(forward(layer(name, 1), rows(1, 1, 5, 6)))).isNotEqualTo(values(first));
    Panels swapped = forward(layer(name, 0), rows(1, 1, 6, 5));
    assertThat(values(swapped)).isNotEqualTo(values(first));
    for (int u = 0; u < UNITS; u++) {
      Bits.assertSame("unit " + u, swapped.get(0, u), first.get(1, u));
      Bits.assertSame("unit " + u, swapped.get(1, u), first.get(0, u));
    }
    Panels inALargerBlock = forward(layer(name, 0), rows(1, 1, 9, 8, 7, 6, 5));
    for (int u = 0; u < UNITS; u++) {
      Bits.assertSame("unit " + u, inALargerBlock.get(4, u), first.get(0, u));
    }
  }

  private static Layer layer(String name, int index) {
    return name.equals("dropout") ? new Dropout(UNITS, 0.5f, index) : new Noise(UNITS, 1f, index);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dropout", "noise"})
  void inEvaluationNothingChanges(String name) {
    double[] y = values(forward(layer(name, 0), Rows.evaluated(3), 0.75f, Kernels.SCALAR));
    assertThat(y).hasSize(3 * UNITS).containsOnly(0.75);
  }

  @Test
  void refusesPlacesWhoseNumbersWouldBeThoseOfOthers() {
    assertThatThrownBy(() -> new Dropout((1 << 20) + 1, 0.5f, 0))
        .hasMessage("1048577 inputs: random numbers reach for 1048576 at most");
    assertThatThrownBy(() -> new Noise(3, 0.5f, 1 << 14))
        .hasMessage("place 16384: random numbers reach for places from 0 to 16383");
  }
}
