package dev.lockstep.optimizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.fixture.Bits;
import dev.lockstep.setting.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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

  /**
   * A row of the table.
   *
   * @param kind name of the kind
   * @param given its settings
   * @param slots names of its slots
   * @param descent the rate with which it descends a parabola
   */
  private record Row(
      String kind, Map<String, String> given, List<String> slots, float descent, Rule rule) {
    Optimizer optimizer() {
      OptimizerKind found = Optimizers.KINDS.get(kind);
      return found.create(Settings.read(found, given));
    }

    @Override
    public String toString() {
      return kind + given;
    }
  }

  static Stream<Row> rows() {
    return Stream.of(
        new Row("sgd", Map.of(), List.of(), 0.01f, (t, rate, p, g, s) -> p - rate * g),
        momentum(0f),
        momentum(0.9f),
        nesterov(0f),
        nesterov(0.9f),
        adagrad(1e-10f),
        adagrad(0.1f),
        rmsProp(0.99f, 1e-8f),
        rmsProp(0f, 0.5f),
        rmsPropWithMomentum(0.9f, 1e-3f, 0.8f),
        centeredRmsProp(0.99f, 1e-8f),
        centeredRmsProp(0.5f, 1e-3f),
        centeredRmsPropWithMomentum(0.95f, 1e-2f, 0.9f),
        adadelta(0.9f, 1e-6f, 2f),
        adadelta(0.95f, 1e-2f, 0.5f),
        adam("adam", 0.9f, 0.999f, 1e-8f),
        adam("adam", 0f, 0f, 1e-3f),
        adam("adam", 0.5f, 0.9f, 1f),
        adam("adamw", 0.9f, 0.999f, 1e-8f),
        amsGrad(0.9f, 0.999f, 1e-8f),
        amsGrad(0.5f, 0.1f, 1e-3f),
        nadam(0.9f, 0.999f, 1e-8f),
        nadam(0f, 0.9f, 1e-3f));
  }

  private static Row momentum(float momentum) {
    return new Row(
        "momentum",
        Map.of("momentum", "" + momentum),
        List.of("velocity"),
        0.01f,
        (t, rate, p, g, s) -> {
          s[0] = momentum * s[0] + g;
          return p - rate * s[0];
        });
  }

  private static Row nesterov(float momentum) {
    return new Row(
        "nesterov",
        Map.of("momentum", "" + momentum),
        List.of("velocity"),
        0.01f,
        (t, rate, p, g, s) -> {
          s[0] = momentum * s[0] + g;
          return p - rate * (g + momentum * s[0]);
        });
  }

  private static Row adagrad(float epsilon) {
    return new Row(
        "adagrad",
        Map.of("epsilon", "" + epsilon),
        List.of("squares"),
        0.5f,
        (t, rate, p, g, s) -> {
          s[0] += g * g;
          return p - rate * g / (Math.sqrt(s[0]) + epsilon);
        });
  }

  private static Row rmsProp(float decay, float epsilon) {
    return new Row(
        "rmsprop",
        Map.of("decay", "" + decay, "epsilon", "" + epsilon),
        List.of("mean-square"),
        0.01f,
        (t, rate, p, g, s) -> {
          s[0] = decay * s[0] + (1.0 - decay) * g * g;
          return p - rate * g / (Math.sqrt(s[0]) + epsilon);
        });
  }

  private static Row rmsPropWithMomentum(float decay, float epsilon, float momentum) {
    return new Row(
        "rmsprop",
        Map.of("decay", "" + decay, "epsilon", "" + epsilon, "momentum", "" + momentum),
        List.of("mean-square", "velocity"),
        0.001f,
        (t, rate, p, g, s) -> {
          s[0] = decay * s[0] + (1.0 - decay) * g * g;
          s[1] = momentum * s[1] + g / (Math.sqrt(s[0]) + epsilon);
          return p - rate * s[1];
        });
  }

  private static Row centeredRmsProp(float decay, float epsilon) {
    return new Row(
        "rmsprop",
        Map.of("decay", "" + decay, "epsilon", "" + epsilon, "centered", "true"),
        List.of("mean-square", "mean"),
        0.001f,
        (t, rate, p, g, s) -> {
          s[0] = decay * s[0] + (1.0 - decay) * g * g;
          s[1] = decay * s[1] + (1.0 - decay) * g;
          return p - rate * g / (Math.sqrt(s[0] - s[1] * s[1]) + epsilon);
        });
  }

  private static Row centeredRmsPropWithMomentum(float decay, float epsilon, float momentum) {
    return new Row(
        "rmsprop",
        Map.of(
            "decay", "" + decay,
            "epsilon", "" + epsilon,
            "momentum", "" + momentum,
            "centered", "true"),
        List.of("mean-square", "mean", "velocity"),
        0.001f,
        (t, rate, p, g, s) -> {
          s[0] = decay * s[0] + (1.0 - decay) * g * g;
          s[1] = decay * s[1] + (1.0 - decay) * g;
          s[2] = momentum * s[2] + g / (Math.sqrt(s[0] - s[1] * s[1]) + epsilon);
          return p - rate * s[2];
        });
  }

  private static Row adadelta(float rho, float epsilon, float descent) {
    return new Row(
        "adadelta",
        Map.of("rho", "" + rho, "epsilon", "" + epsilon),
        List.of("mean-square", "mean-square-move"),
        descent,
        (t, rate, p, g, s) -> {
          s[0] = rho * s[0] + (1.0 - rho) * g * g;
          double move = Math.sqrt(s[1] + epsilon) / Math.sqrt(s[0] + epsilon) * g;
          s[1] = rho * s[1] + (1.0 - rho) * move * move;
          return p - rate * move;
        });
  }

  private static Map<String, String> betas(float beta1, float beta2, float epsilon) {
    return Map.of("beta1", "" + beta1, "beta2", "" + beta2, "epsilon", "" + epsilon);
  }

  private static Row adam(String kind, float beta1, float beta2, float epsilon) {
    return new Row(
        kind,
        betas(beta1, beta2, epsilon),
        List.of("first-moment", "second-moment"),
        0.01f,
        (t, rate, p, g, s) -> {
          s[0] = beta1 * s[0] + (1.0 - beta1) * g;
          s[1] = beta2 * s[1] + (1.0 - beta2) * g * g;
          double m = s[0] / (1 - Math.pow(beta1, (double) t));
          double v = s[1] / (1 - Math.pow(beta2, (double) t));
          return p - rate * m / (Math.sqrt(v) + epsilon);
        });
  }

  private static Row amsGrad(float beta1, float beta2, float epsilon) {
    return new Row(
        "amsgrad",
        betas(beta1, beta2, epsilon),
        List.of("first-moment", "second-moment", "largest-second-moment"),
        0.01f,
        (t, rate, p, g, s) -> {
          s[0] = beta1 * s[0] + (1.0 - beta1) * g;
          s[1] = beta2 * s[1] + (1.0 - beta2) * g * g;
          s[2] = Math.max(s[2], s[1]);
          double m = s[0] / (1 - Math.pow(beta1, (double) t));
          double v = s[2] / (1 - Math.pow(beta2, (double) t));
          return p - rate * m / (Math.sqrt(v) + epsilon);
        });
  }

  private static Row nadam(float beta1, float beta2, float epsilon) {
    return new Row(
        "nadam",
        betas(beta1, beta2, epsilon),
        List.of("first-moment", "second-moment"),
        0.01f,
        (t, rate, p, g, s) -> {
          s[0] = beta1 * s[0] + (1.0 - beta1) * g;
          s[1] = beta2 * s[1] + (1.0 - beta2) * g * g;
          double m =
              beta1 * s[0] / (1 - Math.pow(beta1, t + 1.0))
                  + (1.0 - beta1) * g / (1 - Math.pow(beta1, (double) t));
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

  @Test
  void theTableHasEveryKindThatGoesByElements() {
    List<String> kinds = new ArrayList<>(Optimizers.KINDS.names());
    kinds.removeIf(
        name -> {
          OptimizerKind kind = Optimizers.KINDS.get(name);
          return kind.create(Settings.defaults(kind)) instanceof LayerwiseOptimizer;
        });
    assertThat(rows().map(Row::kind).distinct()).containsExactlyInAnyOrderElementsOf(kinds);
  }

  @ParameterizedTest
  @MethodSource("rows")
  void namesItsSlots(Row row) {
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
      row.optimizer().update(t, row.descent(), p, p.clone(), slots, 0, LENGTH);
    }
    for (float value : p) {
      assertThat(Math.abs(value)).isLessThan(0.02f);
    }
  }

  @ParameterizedTest
  @ValueSource(floats = {-0.1f, 1f, Float.NaN, Float.POSITIVE_INFINITY})
  void refusesDecaysOutOfRangeByName(float bad) {
    assertRefused(() -> new Momentum(bad, true), "momentum = ", bad);
    assertRefused(() -> new RmsProp(bad, 1e-8f, 0, false), "decay = ", bad);
    assertRefused(() -> new RmsProp(0.9f, 1e-8f, bad, false), "momentum = ", bad);
    assertRefused(() -> new Adadelta(bad, 1e-6f), "rho = ", bad);
    assertRefused(() -> new Adam(bad, 0.9f, 1e-8f), "beta1 = ", bad);
    assertRefused(() -> new AmsGrad(0.9f, bad, 1e-8f), "beta2 = ", bad);
    assertRefused(() -> new Nadam(0.9f, bad, 1e-8f), "beta2 = ", bad);
  }

  @ParameterizedTest
  @ValueSource(floats = {0f, -1e-8f, 1.5f, Float.NaN})
  void refusesAnEpsilonOutOfRange(float bad) {
    assertRefused(() -> new Adagrad(bad), "epsilon = ", bad);
    assertRefused(() -> new RmsProp(0.9f, bad, 0, true), "epsilon = ", bad);
    assertRefused(() -> new Adadelta(0.9f, bad), "epsilon = ", bad);
    assertRefused(() -> new Adam(0.9f, 0.999f, bad), "epsilon = ", bad);
    assertRefused(() -> new AmsGrad(0.9f, 0.999f, bad), "epsilon = ", bad);
    assertRefused(() -> new Nadam(0.9f, 0.999f, bad), "epsilon = ", bad);
  }

  private static void assertRefused(ThrowingCallable call, String name, float bad) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(name + (double) bad + ": want a number ");
  }

  /** Rounding brings the variance of a gradient that stays the same below 0. */
  @Test
  void centeredRmsPropOutlivesGradientsThatStayTheSame() {
    Optimizer optimizer = new RmsProp(0.5f, 1e-3f, 0, true);
    float[] p = new float[LENGTH];
    float[] g = draw();
    float[][] slots = slots(optimizer);
    boolean isBelow = false;
    for (int t = 1; t <= 200; t++) {
      optimizer.update(t, 1e-6f, p, g, slots, 0, LENGTH);
      for (int i = 0; i < LENGTH; i++) {
        isBelow |= Math.fma(-slots[1][i], slots[1][i], slots[0][i]) < 0;
        assertThat(p[i]).isFinite();
      }
    }
    assertThat(isBelow).as("the case occurs").isTrue();
  }

  @Test
  void onlyAdamwBringsWeightDecay() {
    for (OptimizerKind kind : Optimizers.KINDS.all()) {
      assertThat(kind.weightDecay())
          .as(kind.name())
          .isEqualTo(kind.name().equals("adamw") ? 0.01 : 0);
    }
  }
}
