package dev.lockstep.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.Decider;
import dev.lockstep.engine.Decisions;
import dev.lockstep.engine.PanelSquares;
import dev.lockstep.engine.PlateauRule;
import dev.lockstep.engine.SlicedVector;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepEnd;
import dev.lockstep.engine.StopRule;
import dev.lockstep.engine.Training;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterTensor;
import dev.lockstep.optimizer.Clipping;
import dev.lockstep.optimizer.Clipping.Mode;
import dev.lockstep.optimizer.Measure;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.optimizer.Penalties;
import dev.lockstep.optimizer.Update;
import dev.lockstep.schedule.Constant;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What stands beside the optimiser in an update, and plateaus of the learning rate. */
class PyTorchBesideTest {
  private static final int STEPS = 4;
  private static final double BOUND = 1e-6;
  private static final Network NETWORK =
      NetworkParser.parse(20, List.of("dense 36 relu", "dense 5"));

  private record Row(String name, Clipping clipping, Penalties penalties, float averageDecay) {
    Row(String name, Clipping clipping) {
      this(name, clipping, Penalties.NONE, 0);
    }

    Row(String name, Penalties penalties) {
      this(name, Clipping.NONE, penalties, 0);
    }

    Update update() {
      return new Update(
          new Momentum(0.9f, false), new Constant(0.1), clipping, penalties, averageDecay);
    }
  }

  static Stream<Row> rows() {
    return Stream.of(
        new Row("value", new Clipping(Mode.VALUE, 20)),
        new Row("norm", new Clipping(Mode.NORM, 400)),
        new Row("global-norm", new Clipping(Mode.GLOBAL_NORM, 700)),
        new Row("l1", new Penalties(5, 0, 0, 0)),
        new Row("l2", new Penalties(0, 3, 0, 0)),
        new Row("decay", new Penalties(0, 0, 0.5f, 0)),
        new Row("max-norm", new Penalties(0, 0, 0, 60)),
        new Row("average", Clipping.NONE, Penalties.NONE, 0.75f),
        new Row("all", new Clipping(Mode.GLOBAL_NORM, 700), new Penalties(5, 3, 0.5f, 60), 0.75f));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void parametersAfterSomeUpdates(Row row) throws IOException {
    GoldenFile golden = GoldenFile.read("beside.txt");
    for (Kernels kernels : KernelWidths.all()) {
      Training training =
          new Training(
              NETWORK,
              new SoftmaxCrossEntropy(),
              row.update(),
              new BatchPlan(1000, 10, 1, 0, true),
              1);
      State first = State.initial(training, golden.parameters(NETWORK));
      float[] parameters = first.parameters().toFlat();
      float[][] slots = first.slots().stream().map(SlicedVector::toFlat).toArray(float[][]::new);
      StepEnd stepEnd = new StepEnd(training, Decisions.NONE, kernels);
      PanelSquares squares = PanelSquares.of(NETWORK.layout());
      for (int step = 0; step < STEPS; step++) {
        float[] gradient = gradient(golden, step);
        NodeSum sum = new NodeSum(0, gradient, 1, 1);
        for (Measure measure : stepEnd.measures()) {
          stepEnd.measure(
              measure, step, sum, NETWORK.layout().slices(), gradient, parameters, slots, squares);
        }
        assertThat(
                stepEnd.update(
                    step, sum, NETWORK.layout().slices(), gradient, parameters, slots, squares))
            .isTrue();
      }
      float[] end = row.averageDecay() > 0 ? slots[1] : parameters;
      for (ParameterTensor tensor : NETWORK.layout().tensors()) {
        golden.assertClose(row.name() + "." + tensor.name(), tensor.toFileOrder(end), BOUND);
      }
    }
  }

  private static float[] gradient(GoldenFile golden, int step) {
    float[] gradient = new float[NETWORK.layout().length()];
    for (ParameterTensor tensor : NETWORK.layout().tensors()) {
      tensor.fromFileOrder(
          golden.get("%s.gradient.%d".formatted(tensor.name(), step)).floats(), gradient);
    }
    return gradient;
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0, 0", "1, 0.1, 0, 0", "2, 0, 1, 0", "0, 0.02, 2, 0.2"})
  void ratesAfterPlateaus(int patience, double delta, int coolDown, double floor)
      throws IOException {
    GoldenFile golden = GoldenFile.read("plateaus.txt");
    Training training =
        new Training(
            NETWORK,
            new SoftmaxCrossEntropy(),
            new Momentum(0.9f, false),
            new Constant(1),
            new BatchPlan(10, 10, 1, 0, true));
    Decider decider =
        new Decider(new PlateauRule(0.5, patience, delta, coolDown, floor), StopRule.NONE);
    State state = State.initial(training, new float[NETWORK.layout().length()]);
    double[] figures = golden.get("figures").values();
    double[] scales = new double[figures.length];
    for (int i = 0; i < figures.length; i++) {
      state = decider.decide(training, state, figures[i]);
      scales[i] = state.monitors().decisions().rateScale();
    }
    String name = delta == 0 ? "0" : Double.toString(delta);
    String last = floor == 0 ? "0" : Double.toString(floor);
    String row = "%d,%s,%d,%s".formatted(patience, name, coolDown, last);
    assertThat(scales).isEqualTo(golden.get(row).values());
    assertThat(Arrays.stream(scales).min().orElseThrow()).isLessThan(0.6);
  }
}
