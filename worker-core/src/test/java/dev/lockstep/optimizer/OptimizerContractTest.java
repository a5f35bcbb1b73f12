package dev.lockstep.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.fixture.Bits;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for every optimiser; a new one is one more row. */
class OptimizerContractTest {
  private static final int LENGTH = 203;
  private static final int UPDATES = 10;

  private final SplittableRandom random = new SplittableRandom(13);

  /** One element of the rule in double, from the papers. */
  private interface Rule {
    double update(long t, double rate, double p, double g, double[] slots);
  }

  private record Row(Optimizer optimizer, String name, List<String> slots, Rule rule) {
    @Override
    public String toString() {
      return optimizer.toString();
    }
  }

  static Stream<Row> rows() {
    return Stream.of(
        new Row(new Sgd(), "sgd", List.of(), (t, rate, p, g, s) -> p - rate * g),
        momentum(0f),
        momentum(0.9f),
        nesterov(0f),
        nesterov(0.9f),
        adam(0.9f, 0.999f, 1e-8f),
        adam(0f, 0f, 1e-3f),
        adam(0.5f, 0.9f, 1f));
  }

  private static Row momentum(float momentum) {
    return new Row(
        new Momentum(momentum, false),
        "momentum",
        List.of("velocity"),
        (t, rate, p, g, s) -> {
          s[0] = momentum * s[0] + g;
          return p - rate * s[0];
        });
  }

  private static Row nesterov(float momentum) {
    return new Row(
        new Momentum(momentum, true),
        "nesterov",
        List.of("velocity"),
        (t, rate, p, g, s) -> {
          s[0] = momentum * s[0] + g;
          return p - rate * (g + momentum * s[0]);
        });
  }

  private static Row adam(float beta1, float beta2, float epsilon) {
    return new Row(
        new Adam(beta1, beta2, epsilon),
        "adam",
        List.of("first-moment", "second-moment"),
        (t, rate, p, g, s) -> {
          s[0] = beta1 * s[0] + (1.0 - beta1) * g;
          s[1] = beta2 * s[1] + (1.0 - beta2) * g * g;
          double m = s[0] / (1 - Math.pow(beta1, (double) t));
          double v = s[1] / (1 - Math.pow(beta2, (double) t));
          return p - rate * m / (Math.sqrt(v) + epsilon);
        });
  }

  private float[] draw() {
    float[] values = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private static float[][] slots(Optimizer optimizer) {
    return new float[optimizer.slots().size()][LENGTH];
  }

  @ParameterizedTest
  @MethodSource("rows")
  void namesItselfAndItsSlots(Row row) {
    assertThat(row.optimizer().name()).isEqualTo(row.name());
    assertThat(row.optimizer().slots()).isEqualTo(row.slots());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void followsItsRule(Row row) {
    float[] p = draw();
    float[][] slots = slots(row.optimizer());
    double[] expected = new double[LENGTH];
    double[][] expectedSlots = new double[LENGTH][slots.length];
    for (int i = 0; i < LENGTH; i++) {
      expected[i] = p[i];
    }
    for (int t = 1; t <= UPDATES; t++) {
      float[] g = draw();
      row.optimizer().update(t, 0.05f, p, g, slots, 0, LENGTH);
      for (int i = 0; i < LENGTH; i++) {
        expected[i] = row.rule().update(t, 0.05f, expected[i], g[i], expectedSlots[i]);
        assertThat((double) p[i]).as("p after %s", t).isCloseTo(expected[i], within(2e-6));
        for (int k = 0; k < slots.length; k++) {
          assertThat((double) slots[k][i])
              .as("%s after %s", row.slots().get(k), t)
              .isCloseTo(expectedSlots[i][k], within(4e-6));
        }
      }
    }
  }

  /** So a slice can be updated by whoever owns it. */
  @ParameterizedTest
  @MethodSource("rows")
  void elementsDoNotKnowEachOther(Row row) {
    float[] whole = draw();
    float[] parts = whole.clone();
    float[][] wholeSlots = slots(row.optimizer());
    float[][] partsSlots = slots(row.optimizer());
    for (int t = 1; t <= UPDATES; t++) {
      float[] g = draw();
      row.optimizer().update(t, 0.1f, whole, g, wholeSlots, 0, LENGTH);
      int cut = random.nextInt(LENGTH + 1);
      row.optimizer().update(t, 0.1f, parts, g, partsSlots, cut, LENGTH);
      row.optimizer().update(t, 0.1f, parts, g, partsSlots, 0, cut);
    }
    Bits.assertSame(row, parts, whole);
    for (int k = 0; k < wholeSlots.length; k++) {
      Bits.assertSame(row.slots().get(k), partsSlots[k], wholeSlots[k]);
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void writesNeitherTheGradientNorOutsideTheRange(Row row) {
    float[] p = draw();
    float[] g = draw();
    float[][] slots = slots(row.optimizer());
    float[] before = p.clone();
    float[] gradient = g.clone();
    row.optimizer().update(1, 0.1f, p, g, slots, 50, 60);
    Bits.assertSame("gradient", g, gradient);
    for (int i = 0; i < LENGTH; i++) {
      boolean isInside = i >= 50 && i < 60;
      assertThat(p[i] != before[i]).as("p[%s] moved", i).isEqualTo(isInside);
      for (float[] slot : slots) {
        assertThat(slot[i] != 0).as("slot[%s] moved", i).isEqualTo(isInside);
      }
    }
  }

  /** So padding stays +0. */
  @ParameterizedTest
  @MethodSource("rows")
  void zerosStayPositiveZeros(Row row) {
    float[] p = new float[LENGTH];
    float[][] slots = slots(row.optimizer());
    for (int t = 1; t <= UPDATES; t++) {
      row.optimizer().update(t, 0.1f, p, new float[LENGTH], slots, 0, LENGTH);
    }
    Bits.assertSame("p", p, new float[LENGTH]);
    for (float[] slot : slots) {
      Bits.assertSame("slot", slot, new float[LENGTH]);
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void descendsAParabola(Row row) {
    float[] p = draw();
    float[][] slots = slots(row.optimizer());
    for (int t = 1; t <= 2000; t++) {
      row.optimizer().update(t, 0.01f, p, p.clone(), slots, 0, LENGTH);
    }
    for (float value : p) {
      assertThat(Math.abs(value)).isLessThan(0.02f);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {-0.1f, 1f, Float.NaN, Float.POSITIVE_INFINITY})
  void refusesDecaysOutOfRangeByName(float bad) {
    assertThatThrownBy(() -> new Momentum(bad, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("optimizer.momentum = %s: want 0 or more, below 1".formatted(bad));
    assertThatThrownBy(() -> new Adam(bad, 0.9f, 1e-8f))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("optimizer.beta1 = %s: want 0 or more, below 1".formatted(bad));
    assertThatThrownBy(() -> new Adam(0.9f, bad, 1e-8f))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("optimizer.beta2 = %s: want 0 or more, below 1".formatted(bad));
  }

  @Test
  void refusesAnEpsilonOutOfRange() {
    for (float bad : new float[] {0f, -1e-8f, 1.5f, Float.NaN}) {
      assertThatThrownBy(() -> new Adam(0.9f, 0.999f, bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("optimizer.epsilon = %s".formatted(bad));
    }
  }
}
