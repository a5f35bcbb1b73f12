package dev.lockstep.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.loss.Loss;
import dev.lockstep.loss.Losses;
import dev.lockstep.loss.Targets;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Losses of rows, gradients of their sum, and weighted means; PyTorch's are in float64. */
class PyTorchLossesTest {
  private static final double BOUND = 1e-6;
  private static final double EXACT_BOUND = 1e-14;

  private static final String SMOOTHING = "label-smoothing";
  private static final String WEIGHTS = "class-weights";
  private static final String OF_FIVE = "[0.5, 2, 1, 0.25, 3]";

  static Stream<Arguments> cases() {
    return Stream.of(
        row("softmax", "softmax-cross-entropy", Map.of()),
        row("softmax-smoothed", "softmax-cross-entropy", Map.of(SMOOTHING, "0.1")),
        row("softmax-class-weights", "softmax-cross-entropy", Map.of(WEIGHTS, OF_FIVE)),
        row("softmax-probabilities", "softmax-cross-entropy", Map.of()),
        row("softmax-probabilities-smoothed", "softmax-cross-entropy", Map.of(SMOOTHING, "0.25")),
        row("sigmoid", "sigmoid-cross-entropy", Map.of()),
        row("sigmoid-vectors", "sigmoid-cross-entropy", Map.of()),
        row("sigmoid-smoothed", "sigmoid-cross-entropy", Map.of(SMOOTHING, "0.2")),
        row("sigmoid-one-output", "sigmoid-cross-entropy", Map.of()),
        row("sigmoid-one-output-weights", "sigmoid-cross-entropy", Map.of(WEIGHTS, "[1, 3]")),
        row("squares", "mean-squared-error", Map.of()),
        row("squares-classes", "mean-squared-error", Map.of()),
        row("squares-one-output", "mean-squared-error", Map.of()),
        row("hinge", "hinge", Map.of()),
        row("hinge-margin", "hinge", Map.of("margin", "0.25")),
        row("hinge-perceptron", "hinge", Map.of("margin", "0")),
        row("hinge-class-weights", "hinge", Map.of(WEIGHTS, OF_FIVE)),
        row("hinge-one-output", "hinge", Map.of()),
        row("hinge-one-output-margin", "hinge", Map.of("margin", "0.5")),
        row("huber", "huber", Map.of()),
        row("huber-delta", "huber", Map.of("delta", "0.25")));
  }

  private static Arguments row(String golden, String name, Map<String, String> settings) {
    return Arguments.of(golden, Losses.of(name, settings));
  }

  @Test
  void everyLossIsCompared() {
    Set<String> compared = cases().map(c -> ((Loss) c.get()[1]).name()).collect(Collectors.toSet());
    assertThat(compared).isEqualTo(new TreeSet<>(Losses.names()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void lossesAndGradients(String name, Loss loss) throws IOException {
    GoldenFile golden = GoldenFile.read("loss-%s.txt".formatted(name));
    Panels y = panels(golden.get("outputs"));
    Targets targets = targets(golden.get("targets"));
    for (Kernels kernels : KernelWidths.all()) {
      float[] losses = new float[y.rows()];
      Panels dy = Panels.allocate(y.rows(), y.columns());
      loss.lossAndGradient(kernels, y.rows(), y, targets, losses, dy);
      golden.assertClose("losses", losses, BOUND);
      golden.assertClose("gradient", rowMajor(dy), BOUND);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void theFormulaInDouble(String name, Loss loss) throws IOException {
    GoldenFile golden = GoldenFile.read("loss-%s.txt".formatted(name));
    double[] outputs = golden.get("outputs").values();
    double[] expected = golden.get("losses").values();
    Targets targets = targets(golden.get("targets"));
    int columns = outputs.length / expected.length;
    for (int r = 0; r < expected.length; r++) {
      double[] y = Arrays.copyOfRange(outputs, r * columns, (r + 1) * columns);
      assertThat(loss.exact(y, targets.exact(r, columns)))
          .as("row %s", r)
          .isCloseTo(expected[r], within(EXACT_BOUND * Math.max(1, expected[r])));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void weightedMeans(String name, Loss loss) throws IOException {
    GoldenFile golden = GoldenFile.read("loss-%s.txt".formatted(name));
    Panels y = panels(golden.get("outputs"));
    Targets targets = targets(golden.get("targets")).withWeights(golden.get("weights").floats());
    float[] losses = new float[y.rows()];
    Panels dy = Panels.allocate(y.rows(), y.columns());
    loss.lossAndGradient(KernelWidths.all().get(0), y.rows(), y, targets, losses, dy);
    double sum = 0;
    double weights = 0;
    for (int r = 0; r < y.rows(); r++) {
      sum += loss.weight(targets, r) * losses[r];
      weights += loss.weight(targets, r);
    }
    float[] gradient = rowMajor(dy);
    for (int i = 0; i < gradient.length; i++) {
      gradient[i] *= (float) (loss.weight(targets, i / y.columns()) / weights);
    }
    golden.assertClose("mean", new float[] {(float) (sum / weights)}, BOUND);
    golden.assertClose("mean.gradient", gradient, BOUND);
  }

  private static Targets targets(GoldenFile.Tensor tensor) {
    return tensor.shape().size() == 1
        ? Targets.ofClasses(tensor.integers())
        : Targets.ofValues(panels(tensor));
  }

  private static Panels panels(GoldenFile.Tensor tensor) {
    int columns = tensor.shape().get(1);
    Panels panels = Panels.allocate(tensor.shape().get(0), columns);
    for (int i = 0; i < tensor.values().length; i++) {
      panels.set(i / columns, i % columns, tensor.floats()[i]);
    }
    return panels;
  }

  private static float[] rowMajor(Panels panels) {
    float[] values = new float[panels.rows() * panels.columns()];
    for (int i = 0; i < values.length; i++) {
      values[i] = panels.get(i / panels.columns(), i % panels.columns());
    }
    return values;
  }
}
