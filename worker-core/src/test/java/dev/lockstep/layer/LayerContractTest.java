package dev.lockstep.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.fixture.Bits;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.kernel.RowSegments;
import dev.lockstep.layer.LayerTrial.Result;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.loss.Targets;
import dev.lockstep.network.GradientCheck;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every kind of layer. A new kind is one more row of the table. */
class LayerContractTest {
  /** How kinds are written; every kind on the class path has a row. */
  static Stream<String> rows() {
    return Stream.of(
        "dense 5",
        "maxout 7",
        "maxout 33 3",
        "maxout 64",
        "identity dense 3",
        "threshold",
        "threshold 0.5",
        "sigmoid",
        "tanh",
        "relu",
        "leaky-relu",
        "leaky-relu 0.2",
        "prelu",
        "prelu shared",
        "elu",
        "elu 0.5",
        "selu",
        "softplus",
        "gelu",
        "gelu-tanh",
        "silu",
        "softmax",
        "dropout 0",
        "dropout 0.3",
        "noise 0.5");
  }

  private static final int[] WIDTHS = {1, 5, 32, 45};

  /** Three shards: (2 + 1) + 4 rows. */
  private static final RowSegments SEGMENTS = segments();

  /** Errors are parts of the output, or of 1 where it is smaller. */
  private static final double FUNCTION_BOUND = 2e-6;

  private static final double GRADIENT_BOUND = 2e-5;
  private static final double STEP = 1e-6;

  private final SplittableRandom random = new SplittableRandom(11);

  private static RowSegments segments() {
    RowSegments.Builder program = new RowSegments.Builder();
    program.addRun(2);
    program.addRun(1);
    program.merge();
    program.addRun(4);
    program.merge();
    return program.build(false);
  }

  private List<LayerTrial> trials(String row) {
    List<LayerTrial> trials = new ArrayList<>();
    for (int width : WIDTHS) {
      for (Layer layer : NetworkParser.parse(width, List.of(row)).layers()) {
        trials.add(LayerTrial.draw(layer, SEGMENTS, 2, random));
      }
    }
    return trials;
  }

  @Test
  void everyKindHasARow() {
    List<String> first = rows().map(row -> row.split(" ", -1)[0]).toList();
    assertThat(first).containsAll(Layers.KINDS.names());
  }

  @ParameterizedTest
  @MethodSource("rows")
  void forwardIsTheFormula(String row) {
    for (LayerTrial trial : trials(row)) {
      for (Kernels kernels : KernelWidths.all()) {
        Panels y = trial.run(kernels).y();
        for (int r = 0; r < SEGMENTS.rows(); r++) {
          double[] expected =
              trial.layer().exact(trial.inputs(r), trial.weights(), trial.rows(), r);
          assertThat(expected).hasSize(trial.layer().outputs());
          for (int o = 0; o < expected.length; o++) {
            assertThat((double) y.get(r, o))
                .as("%s, row %s, output %s", trial.layer().describe(), r, o)
                .isCloseTo(
                    expected[o], within(FUNCTION_BOUND * Math.max(1, Math.abs(expected[o]))));
          }
        }
      }
    }
  }

  /** Against central differences, where slopes to both sides agree. */
  @ParameterizedTest
  @MethodSource("rows")
  void backwardIsTheDerivative(String row) {
    for (LayerTrial trial : trials(row)) {
      if (!trial.layer().isDifferentiable()) {
        continue;
      }
      for (Kernels kernels : KernelWidths.all()) {
        Result result = trial.run(kernels);
        Count count = new Count();
        for (int r = 0; r < SEGMENTS.rows(); r++) {
          int at = r;
          for (int i = 0; i < trial.layer().inputs(); i++) {
            double[] x = trial.inputs(r);
            int input = i;
            double value = x[i];
            compare(
                trial.layer().describe() + " dx",
                move -> {
                  x[input] = value + move;
                  return trial.objective(x, trial.weights(), at);
                },
                result.dx().get(r, i),
                count);
          }
        }
        checkWeights(trial, result, count);
        assertThat(count.atKinks).isLessThanOrEqualTo(count.all / 10);
      }
    }
  }

  private static void checkWeights(LayerTrial trial, Result result, Count count) {
    double[][] w = trial.weights();
    for (int i = 0; i < w.length; i++) {
      for (int o = 0; o < w[i].length; o++) {
        double[] row = w[i];
        int column = o;
        double value = row[o];
        compare(
            trial.layer().describe() + " dw",
            move -> {
              row[column] = value + move;
              double sum = 0;
              for (int r = 0; r < SEGMENTS.rows(); r++) {
                sum += trial.objective(trial.inputs(r), w, r);
              }
              row[column] = value;
              return sum;
            },
            result.dw().get(i, o),
            count);
      }
    }
  }

  private static final class Count {
    private int all;
    private int atKinks;
  }

  private static void compare(String what, DoubleUnaryOperator loss, double computed, Count count) {
    double above = loss.applyAsDouble(STEP);
    double at = loss.applyAsDouble(0);
    double below = loss.applyAsDouble(-STEP);
    count.all++;
    if (Math.abs(above - 2 * at + below) > 1e-3 * STEP) {
      count.atKinks++;
      return;
    }
    double expected = (above - below) / (2 * STEP);
    assertThat(computed)
        .as(what)
        .isCloseTo(expected, within(GRADIENT_BOUND * Math.max(1, Math.abs(expected))));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aRowDoesNotKnowTheOthers(String row) {
    for (LayerTrial trial : trials(row)) {
      for (Kernels kernels : KernelWidths.all()) {
        Result whole = trial.run(kernels);
        for (int r = 0; r < SEGMENTS.rows(); r++) {
          Result alone = trial.row(r).run(kernels);
          assertSameRow(trial.layer() + " y", alone.y(), 0, whole.y(), r);
          if (whole.dx() != null) {
            assertSameRow(trial.layer() + " dx", alone.dx(), 0, whole.dx(), r);
          }
        }
      }
    }
  }

  private static void assertSameRow(
      String what, Panels actual, int row, Panels expected, int expectedRow) {
    for (int c = 0; c < expected.columns(); c++) {
      Bits.assertSame(what, actual.get(row, c), expected.get(expectedRow, c));
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void notANumberGoesThroughToItsOwnRow(String row) {
    for (LayerTrial trial : trials(row)) {
      for (int i = 0; i < trial.layer().inputs(); i++) {
        int at = random.nextInt(SEGMENTS.rows());
        Panels x = LayerTrial.copy(trial.x());
        x.set(at, i, Float.NaN);
        LayerTrial bad = new LayerTrial(trial.layer(), trial.rows(), x, trial.w(), trial.dy());
        for (Kernels kernels : KernelWidths.all()) {
          Panels y = bad.run(kernels).y();
          for (int r = 0; r < SEGMENTS.rows(); r++) {
            int bads = 0;
            for (int o = 0; o < y.columns(); o++) {
              boolean isBad = Float.isNaN(y.get(r, o));
              bads += isBad ? 1 : 0;
              if (trial.layer().isElementwise()) {
                assertThat(isBad).as(trial.layer().describe()).isEqualTo(r == at && o == i);
              }
            }
            assertThat(bads > 0).as(trial.layer().describe()).isEqualTo(r == at);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void allKernelsGiveTheSameBits(String row) {
    for (LayerTrial trial : trials(row)) {
      Result expected = trial.run(Kernels.SCALAR);
      for (Kernels kernels : KernelWidths.all()) {
        Result result = trial.run(kernels);
        for (int r = 0; r < SEGMENTS.rows(); r++) {
          assertSameRow(trial.layer() + " y", result.y(), r, expected.y(), r);
          if (expected.dx() != null) {
            assertSameRow(trial.layer() + " dx", result.dx(), r, expected.dx(), r);
          }
        }
        if (expected.dw() != null) {
          Bits.assertSame(trial.layer() + " dw", result.dw().data(), expected.dw().data());
        }
      }
    }
  }

  /** In gradients of parameters it is +0, in those of inputs no number that would spoil a sum. */
  @ParameterizedTest
  @MethodSource("rows")
  void paddingOfGradientsStaysZero(String row) {
    for (LayerTrial trial : trials(row)) {
      for (Kernels kernels : KernelWidths.all()) {
        Result result = trial.run(kernels);
        for (int r = 0; result.dw() != null && r < result.dw().rows(); r++) {
          for (int c = result.dw().columns(); c < result.dw().count() * Panels.WIDTH; c++) {
            Bits.assertSame(trial.layer() + " dw", result.dw().get(r, c), 0f);
          }
        }
        for (int r = 0; result.dx() != null && r < SEGMENTS.rows(); r++) {
          for (int c = result.dx().columns(); c < result.dx().count() * Panels.WIDTH; c++) {
            assertThat(result.dx().get(r, c)).as(trial.layer() + " dx").isZero();
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void inPlaceOrNotTheBitsAreTheSame(String row) {
    for (LayerTrial trial : trials(row)) {
      if (!trial.layer().isElementwise() || trial.layer().readsInput()) {
        continue;
      }
      for (Kernels kernels : KernelWidths.all()) {
        Result apart = trial.run(kernels, false);
        Result inPlace = trial.run(kernels, true);
        for (int r = 0; r < SEGMENTS.rows(); r++) {
          assertSameRow(trial.layer() + " y", inPlace.y(), r, apart.y(), r);
          if (apart.dx() != null) {
            assertSameRow(trial.layer() + " dx", inPlace.dx(), r, apart.dx(), r);
          }
        }
      }
    }
  }

  /** The check that users have, in a network whose parameters lie all around. */
  @ParameterizedTest
  @MethodSource("rows")
  void passesTheGradientCheckWithinANetwork(String row) {
    Network network = NetworkParser.parse(9, List.of("dense 12", row, "dense 4"));
    if (network.layers().stream().anyMatch(layer -> !layer.isDifferentiable())) {
      return;
    }
    float[] parameters = parameters(network);
    Panels x = Panels.allocate(SEGMENTS.rows(), network.inputs());
    for (int i = 0; i < x.data().length; i++) {
      x.data()[i] = random.nextFloat(-1f, 1f);
    }
    Targets targets = Targets.ofClasses(random.ints(SEGMENTS.rows(), 0, 4).toArray());
    Rows rows = Rows.training(SEGMENTS, 5, 3, random.ints(SEGMENTS.rows()).toArray());
    for (Kernels kernels : KernelWidths.all()) {
      List<GradientCheck.Tensor> tensors =
          new GradientCheck(network, new SoftmaxCrossEntropy(), kernels)
              .check(parameters, x, targets, rows, Integer.MAX_VALUE, 1);
      assertThat(tensors).hasSameSizeAs(network.layout().tensors());
      for (GradientCheck.Tensor tensor : tensors) {
        assertThat(tensor.error()).as("%s of %s", tensor, row).isLessThan(1e-4);
        assertThat(tensor.checked() + tensor.atKinks()).isEqualTo(tensor.size());
        assertThat(tensor.atKinks()).as(row).isLessThanOrEqualTo(tensor.size() / 10);
      }
    }
  }

  private float[] parameters(Network network) {
    float[] parameters = network.layout().initial();
    for (ParameterTensor tensor : network.layout().tensors()) {
      float[] values = new float[tensor.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = tensor.shape().initial() + 0.4f * (float) random.nextGaussian();
      }
      tensor.fromFileOrder(values, parameters);
    }
    return parameters;
  }

  @ParameterizedTest
  @MethodSource("rows")
  void describesItself(String row) {
    for (Layer layer : NetworkParser.parse(45, List.of(row)).layers()) {
      assertThat(layer.describe()).contains(Integer.toString(layer.outputs()));
    }
  }
}
