package dev.lockstep.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.HeapShards;
import dev.lockstep.data.Shard;
import dev.lockstep.fixture.Bits;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.gradient.ShardGradients;
import dev.lockstep.init.InitScheme;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import dev.lockstep.setting.SettingsException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every loss. */
class LossContractTest {
  private static final int ROWS = 9;
  private static final int FEATURES = 6;
  private static final double STEP = 1e-5;

  private final Kernels kernels = KernelChoice.of("scalar").kernels();
  private final SplittableRandom random = new SplittableRandom(12);

  /**
   * A loss to be tested.
   *
   * @param name its name
   * @param settings what it is told
   * @param outputs how many outputs a network may have
   */
  record Row(String name, Map<String, String> settings, int... outputs) {
    Loss loss() {
      return Losses.of(name, settings);
    }

    Loss weighted(double... weights) {
      Map<String, String> given = new HashMap<>(settings);
      given.put("class-weights", Arrays.toString(weights));
      return Losses.of(name, given);
    }

    @Override
    public String toString() {
      return name + " " + settings;
    }
  }

  /** Every kind has one; users' own would stand here too. */
  static List<Row> rows() {
    return List.of(
        new Row("softmax-cross-entropy", Map.of(), 2, 10, 32, 33, 70),
        new Row("softmax-cross-entropy", Map.of("label-smoothing", "0.1"), 2, 10, 32, 33, 70),
        new Row("sigmoid-cross-entropy", Map.of(), 1, 2, 10, 32, 33, 70),
        new Row("sigmoid-cross-entropy", Map.of("label-smoothing", "0.3"), 1, 2, 33),
        new Row("mean-squared-error", Map.of(), 1, 2, 10, 32, 33, 70),
        new Row("hinge", Map.of(), 1, 2, 10, 32, 33, 70),
        new Row("hinge", Map.of("margin", "0"), 1, 2, 33),
        new Row("huber", Map.of(), 1, 2, 10, 32, 33, 70),
        new Row("huber", Map.of("delta", "0.4"), 1, 2, 33));
  }

  private static Stream<Row> weightable() {
    return rows().stream().filter(row -> row.loss().settings().containsKey("class-weights"));
  }

  @Test
  void everyKindHasARow() {
    Set<String> tested = rows().stream().map(Row::name).collect(Collectors.toSet());
    assertThat(tested).isEqualTo(new TreeSet<>(Losses.names()));
  }

  /** Outputs with room for two rows more. */
  private Panels drawOutputs(int outputs) {
    Panels y = Panels.allocate(ROWS + 2, outputs);
    for (int i = 0; i < y.data().length; i++) {
      y.data()[i] = (float) (2 * random.nextGaussian());
    }
    return y;
  }

  private Targets drawClasses(int outputs) {
    return Targets.ofClasses(random.ints(ROWS, 0, Math.max(2, outputs)).toArray());
  }

  /** Classes; numbers in [0, 1], which with several outputs sum to 1. */
  private List<Targets> drawTargets(int outputs) {
    Panels values = Panels.allocate(ROWS, outputs);
    for (int r = 0; r < ROWS; r++) {
      double[] shares = random.doubles(outputs).toArray();
      double sum = outputs == 1 ? 1 : Arrays.stream(shares).sum();
      for (int o = 0; o < outputs; o++) {
        values.set(r, o, (float) (shares[o] / sum));
      }
    }
    return List.of(drawClasses(outputs), Targets.ofValues(values));
  }

  private static double[] outputs(Panels y, int row) {
    return IntStream.range(0, y.columns()).mapToDouble(o -> y.get(row, o)).toArray();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void isTheFormulaOfEachRowAndItsDerivative(Row row) {
    Loss loss = row.loss();
    for (int outputs : row.outputs()) {
      for (Targets targets : drawTargets(outputs)) {
        Panels y = drawOutputs(outputs);
        moveOffKinks(loss, y, targets);
        Panels dy = Panels.allocate(ROWS + 2, outputs);
        float[] losses = new float[ROWS];
        loss.lossAndGradient(kernels, ROWS, y, targets, losses, dy);
        for (int r = 0; r < ROWS; r++) {
          double[] at = outputs(y, r);
          double[] target = targets.exact(r, outputs);
          double expected = loss.exact(at, target);
          assertThat((double) losses[r])
              .as("loss of row %s of %s outputs", r, outputs)
              .isCloseTo(expected, within(1e-6 * Math.max(2, expected)));
          for (int o = 0; o < outputs; o++) {
            assertThat((double) dy.get(r, o))
                .as("dy[%s, %s] of %s outputs", r, o, outputs)
                .isCloseTo(
                    (slope(loss, at, target, o, STEP) + slope(loss, at, target, o, -STEP)) / 2,
                    within(1e-6 * Math.max(1, Math.abs(dy.get(r, o)))));
          }
        }
      }
    }
  }

  /** Draws a row again until its derivatives from both sides agree. */
  private void moveOffKinks(Loss loss, Panels y, Targets targets) {
    for (int r = 0; r < ROWS; r++) {
      while (hasKink(loss, outputs(y, r), targets.exact(r, y.columns()))) {
        for (int o = 0; o < y.columns(); o++) {
          y.set(r, o, (float) (2 * random.nextGaussian()));
        }
      }
    }
  }

  private static boolean hasKink(Loss loss, double[] y, double[] target) {
    return IntStream.range(0, y.length)
        .anyMatch(
            o ->
                Math.abs(slope(loss, y, target, o, STEP) - slope(loss, y, target, o, -STEP))
                    > 10 * STEP);
  }

  /** The difference quotient in one output. */
  private static double slope(Loss loss, double[] y, double[] target, int output, double step) {
    double[] moved = y.clone();
    moved[output] += step;
    return (loss.exact(moved, target) - loss.exact(y, target)) / step;
  }

  @ParameterizedTest
  @MethodSource("rows")
  void allKernelsGiveTheSameBits(Row row) {
    Loss loss = row.loss();
    for (int outputs : row.outputs()) {
      for (Targets targets : drawTargets(outputs)) {
        Panels y = drawOutputs(outputs);
        float[] expected = new float[ROWS];
        Panels expectedGradient = Panels.allocate(ROWS, outputs);
        loss.lossAndGradient(kernels, ROWS, y, targets, expected, expectedGradient);
        for (Kernels others : KernelWidths.all()) {
          float[] losses = new float[ROWS];
          Panels dy = Panels.allocate(ROWS, outputs);
          loss.lossAndGradient(others, ROWS, y, targets, losses, dy);
          Bits.assertSame("losses by " + others.name(), losses, expected);
          Bits.assertSame("gradient by " + others.name(), dy.data(), expectedGradient.data());
        }
      }
    }
  }

  /** So a loss is of a row, not of a batch, and a block may hold any rows. */
  @ParameterizedTest
  @MethodSource("rows")
  void aRowDoesNotKnowTheOthers(Row row) {
    Loss loss = row.loss();
    for (int outputs : row.outputs()) {
      Panels y = drawOutputs(outputs);
      Panels dy = Panels.allocate(ROWS, outputs);
      Targets targets = drawClasses(outputs);
      float[] losses = new float[ROWS];
      loss.lossAndGradient(kernels, ROWS, y, targets, losses, dy);
      for (int r = 0; r < ROWS; r++) {
        Panels yOfRow = Panels.allocate(1, outputs);
        Panels dyOfRow = Panels.allocate(1, outputs);
        float[] lossOfRow = new float[1];
        for (int o = 0; o < outputs; o++) {
          yOfRow.set(0, o, y.get(r, o));
        }
        loss.lossAndGradient(
            kernels, 1, yOfRow, Targets.ofClasses(targets.classOf(r)), lossOfRow, dyOfRow);
        Bits.assertSame("loss of row " + r, lossOfRow[0], losses[r]);
        for (int o = 0; o < outputs; o++) {
          Bits.assertSame("gradient of row " + r, dyOfRow.get(0, o), dy.get(r, o));
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aClassIsTheVectorThatHasOneAtItsPlace(Row row) {
    Loss loss = row.loss();
    for (int outputs : row.outputs()) {
      Panels y = drawOutputs(outputs);
      Targets classes = drawClasses(outputs);
      Panels values = Panels.allocate(ROWS, outputs);
      for (int r = 0; r < ROWS; r++) {
        for (int o = 0; o < outputs; o++) {
          values.set(r, o, classes.value(r, o, outputs));
        }
      }
      float[] expected = new float[ROWS];
      float[] losses = new float[ROWS];
      Panels expectedGradient = Panels.allocate(ROWS, outputs);
      Panels dy = Panels.allocate(ROWS, outputs);
      loss.lossAndGradient(kernels, ROWS, y, classes, expected, expectedGradient);
      loss.lossAndGradient(kernels, ROWS, y, Targets.ofValues(values), losses, dy);
      Bits.assertSame("losses of " + outputs, losses, expected);
      Bits.assertSame("gradient of " + outputs, dy.data(), expectedGradient.data());
      for (int r = 0; r < ROWS; r++) {
        assertThat(Targets.ofValues(values).classOf(r)).isEqualTo(classes.classOf(r));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void paddingOfTheGradientIsPositiveZeroAndOtherRowsStay(Row row) {
    Loss loss = row.loss();
    for (int outputs : row.outputs()) {
      Panels dy = Panels.allocate(ROWS + 2, outputs);
      Arrays.fill(dy.data(), -7f);
      Panels y = drawOutputs(outputs);
      float[] before = y.data().clone();
      loss.lossAndGradient(kernels, ROWS, y, drawClasses(outputs), new float[ROWS], dy);
      Bits.assertSame("the outputs", y.data(), before);
      for (int c = 0; c < dy.count() * Panels.WIDTH; c++) {
        for (int r = 0; r < ROWS && c >= outputs; r++) {
          Bits.assertSame("padding", dy.get(r, c), 0f);
        }
        assertThat(dy.get(ROWS, c)).isEqualTo(-7f);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void anOutputThatIsNoNumberIsNotHidden(Row row) {
    for (int outputs : row.outputs()) {
      for (int bad = 0; bad < outputs; bad++) {
        Panels y = drawOutputs(outputs);
        y.set(0, bad, Float.NaN);
        float[] losses = new float[ROWS];
        Panels dy = Panels.allocate(ROWS, outputs);
        row.loss().lossAndGradient(kernels, ROWS, y, drawClasses(outputs), losses, dy);
        assertThat(losses[0]).as("loss with output %s of %s", bad, outputs).isNaN();
        assertThat(losses[1]).isFinite();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void itsKindMakesItOfItsSettings(Row row) {
    Loss loss = row.loss();
    Map<String, String> texts = new HashMap<>();
    loss.settings().forEach((name, value) -> texts.put(name, value.toString()));
    assertThat(loss.name()).isEqualTo(row.name());
    assertThat(Losses.of(loss.name(), texts)).isEqualTo(loss);
    assertThat(loss.settings().keySet())
        .containsExactlyInAnyOrderElementsOf(
            Losses.KINDS.get(row.name()).settings().stream().map(Setting::name).toList());
    row.settings()
        .forEach((name, text) -> assertThat(loss.settings()).containsEntry(name, number(text)));
  }

  private static Object number(String text) {
    return Double.valueOf(text);
  }

  /** Sums of a dense layer over examples of given labels, classes and weights. */
  private static NodeSum sum(Loss loss, int outputs, float[] weights, int... examples) {
    byte[] pixels = new byte[examples.length * FEATURES];
    int[] labels = new int[examples.length];
    for (int e = 0; e < examples.length; e++) {
      byte[] drawn = new byte[FEATURES];
      new SplittableRandom(examples[e]).nextBytes(drawn);
      System.arraycopy(drawn, 0, pixels, e * FEATURES, FEATURES);
      labels[e] = labelOf(examples[e], outputs);
    }
    Network network = NetworkParser.parse(FEATURES, List.of("dense " + outputs));
    Shard shard = HeapShards.of(0, FEATURES, pixels, labels, new float[0], weights);
    BatchPlan plan = new BatchPlan(examples.length, examples.length, 1, 0, false);
    return new ShardGradients(network, loss, plan, List.of(shard), KernelWidths.all().get(0))
        .sum(0, InitScheme.heNormal().parameters(network.layout(), 4))
        .total();
  }

  private static int labelOf(int example, int outputs) {
    return example % Math.max(2, outputs);
  }

  private static void assertClose(NodeSum actual, NodeSum expected) {
    assertThat(actual.weight()).isEqualTo(expected.weight());
    assertThat(actual.loss()).isCloseTo(expected.loss(), within(1e-6 * expected.loss()));
    float largest = 1;
    for (float g : expected.gradient()) {
      largest = Math.max(largest, Math.abs(g));
    }
    for (int i = 0; i < expected.gradient().length; i++) {
      assertThat(actual.gradient()[i]).isCloseTo(expected.gradient()[i], within(1e-6f * largest));
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aWeightOfThreeIsTheExampleThrice(Row row) {
    for (int outputs : row.outputs()) {
      NodeSum weighted = sum(row.loss(), outputs, new float[] {1, 3, 1}, 0, 1, 2);
      assertClose(weighted, sum(row.loss(), outputs, new float[0], 0, 1, 1, 1, 2));
      assertThat(weighted.examples()).isEqualTo(3);
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void aWeightOfZeroLeavesTheExampleOut(Row row) {
    for (int outputs : row.outputs()) {
      NodeSum weighted = sum(row.loss(), outputs, new float[] {1, 0, 1, 0}, 0, 1, 2, 3);
      NodeSum others = sum(row.loss(), outputs, new float[0], 0, 2);
      assertThat(weighted.weight()).isEqualTo(2);
      Bits.assertSame("loss", weighted.loss(), others.loss());
      Bits.assertSame("gradient", weighted.gradient(), others.gradient());
    }
  }

  @ParameterizedTest
  @MethodSource("rows")
  void weightsOfOneChangeNoBit(Row row) {
    for (int outputs : row.outputs()) {
      NodeSum weighted = sum(row.loss(), outputs, new float[] {1, 1, 1}, 0, 1, 2);
      NodeSum plain = sum(row.loss(), outputs, new float[0], 0, 1, 2);
      Bits.assertSame("weight", weighted.weight(), plain.weight());
      Bits.assertSame("loss", weighted.loss(), plain.loss());
      Bits.assertSame("gradient", weighted.gradient(), plain.gradient());
    }
  }

  /** They are those of the examples: a class of weight 2 counts twice. */
  @ParameterizedTest
  @MethodSource("weightable")
  void weightsOfClassesWeighTheirExamples(Row row) {
    int[] examples = {0, 1, 2, 3, 4};
    for (int outputs : row.outputs()) {
      double[] ofClasses = random.doubles(Math.max(2, outputs), 0.5, 2).toArray();
      IntUnaryOperator label = e -> labelOf(e, outputs);
      float[] own = {1, 0.5f, 0, 2, 3};
      float[] both = own.clone();
      for (int e : examples) {
        both[e] *= (float) ofClasses[label.applyAsInt(e)];
      }
      NodeSum byClass = sum(row.weighted(ofClasses), outputs, own, examples);
      NodeSum byExample = sum(row.loss(), outputs, both, examples);
      Bits.assertSame("weight", byClass.weight(), byExample.weight());
      Bits.assertSame("loss", byClass.loss(), byExample.loss());
      Bits.assertSame("gradient", byClass.gradient(), byExample.gradient());
      assertThat(byClass.weight()).isNotEqualTo(sum(row.loss(), outputs, own, examples).weight());
    }
  }

  @ParameterizedTest
  @MethodSource("weightable")
  void thereIsAWeightForEachClass(Row row) {
    row.weighted(1, 2, 3, 4).checkOutputs(4);
    row.weighted().checkOutputs(5);
    assertThatThrownBy(() -> row.weighted(1, 2, 3).checkOutputs(4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("class-weights = [1.0, 2.0, 3.0]: want 4, one for each class, or none");
    assertThatThrownBy(() -> row.weighted(1, -2))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "class-weights = [1.0, -2.0]: want a list of numbers 0 or more, such as [1, 2]");
  }

  /** Else its model could not be read again. */
  @Test
  void aLossThatForgetsWhatItWasToldIsRefused() {
    LossKind forgetful =
        new LossKind() {
          @Override
          public String name() {
            return "forgetful";
          }

          @Override
          public String meaning() {
            return "a hinge by another name";
          }

          @Override
          public List<Setting<?>> settings() {
            return List.of(CLASS_WEIGHTS);
          }

          @Override
          public Loss create(Settings settings) {
            return new Hinge(1, settings.get(CLASS_WEIGHTS));
          }
        };
    assertThatThrownBy(() -> Losses.of(forgetful, Settings.defaults(forgetful)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "forgetful with {class-weights=[]} made a loss that calls itself hinge")
        .hasMessageEndingWith("its name() and settings() must give back what it was told");
  }

  @Test
  void anUnknownNameIsRefusedNamingTheKnownOnes() {
    assertThatThrownBy(() -> Losses.of("hyperbole"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("loss hyperbole: want one of " + String.join(", ", Losses.names()));
  }
}
