package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.fixture.ReferenceNetwork;
import dev.lockstep.fixture.ReferenceNetwork.Stage;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.ParameterTensor;
import dev.lockstep.optimizer.Adam;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.optimizer.Optimizer;
import dev.lockstep.optimizer.Sgd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the reference engine promises; that it is right, the tests of its parts prove. */
class LocalEngineTest {
  private static final int STEPS = 14;
  private static final Optimizer ADAM = new Adam(0.9f, 0.999f, 1e-8f);
  private static final Kernels SCALAR = KernelWidths.all().get(0);

  /** Three steps an epoch, the last of 22 examples. */
  private static BatchPlan plan(int shards) {
    return new BatchPlan(Runs.EXAMPLES, 64, shards, 6, true);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 7})
  void roundsOfAnyLengthGiveTheSameBits(int length) {
    Training training = Runs.training("relu", ADAM, 0.01, plan(4));
    RoundResult whole = Runs.run(training, SCALAR, STEPS);
    State state = Runs.initial(training);
    List<StepRecord> records = new ArrayList<>();
    try (LocalEngine engine = Runs.engine(training, SCALAR)) {
      while (state.step() < STEPS) {
        int steps = (int) Math.min(length, STEPS - state.step());
        RoundResult round = engine.advance(state, new Round(state.step(), steps));
        state = round.state();
        records.addAll(round.records());
      }
    }
    Runs.assertSame("rounds of " + length, state, whole.state());
    assertThat(records).isEqualTo(whole.records());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 5, 13})
  void anotherEngineGoesOnFromAStateAsIfNothingHadHappened(int stop) {
    Training training = Runs.training("tanh", ADAM, 0.01, plan(4));
    RoundResult whole = Runs.run(training, SCALAR, STEPS);
    State stopped = Runs.run(training, SCALAR, stop).state();
    try (LocalEngine engine = Runs.engine(training, SCALAR)) {
      RoundResult rest = engine.advance(stopped, new Round(stop, STEPS - stop));
      Runs.assertSame("stopped after " + stop, rest.state(), whole.state());
      assertThat(rest.records()).isEqualTo(whole.records().subList(stop, STEPS));
    }
  }

  @Test
  void aRoundCanBeRunAgainFromItsState() {
    Training training = Runs.training("relu", ADAM, 0.01, plan(4));
    try (LocalEngine engine = Runs.engine(training, SCALAR)) {
      State middle = engine.advance(Runs.initial(training), new Round(0, 4)).state();
      State first = engine.advance(middle, new Round(4, 5)).state();
      State again = engine.advance(middle, new Round(4, 5)).state();
      Runs.assertSame("the second run", again, first);
    }
  }

  @Test
  void theStateThatARoundStartsFromIsNotTouched() {
    Training training = Runs.training("relu", ADAM, 0.01, plan(4));
    State before = Runs.run(training, SCALAR, 3).state();
    State copy = Runs.run(training, SCALAR, 3).state();
    try (LocalEngine engine = Runs.engine(training, SCALAR)) {
      State after = engine.advance(before, new Round(3, 4)).state();
      assertThat(after.parameters().toFlat()).isNotEqualTo(copy.parameters().toFlat());
    }
    Runs.assertSame("the state before", before, copy);
  }

  @ParameterizedTest
  @CsvSource({"1, 64", "7, 64", "16, 64", "64, 64", "64, 5", "7, 150"})
  void kernelsOfAllWidthsGiveTheSameBits(int shards, int batchSize) {
    BatchPlan plan = new BatchPlan(Runs.EXAMPLES, batchSize, shards, 6, true);
    for (String activation : List.of("relu", "sigmoid", "tanh")) {
      Training training = Runs.training(activation, new Momentum(0.9f, true), 0.1, plan);
      RoundResult scalar = Runs.run(training, SCALAR, STEPS);
      for (Kernels kernels : KernelWidths.all()) {
        RoundResult result = Runs.run(training, kernels, STEPS);
        Runs.assertSame(kernels.name() + " " + activation, result.state(), scalar.state());
        assertThat(result.records()).as(kernels.name()).isEqualTo(scalar.records());
      }
    }
  }

  /** Among the rows: fewer examples in a batch than shards, and short last batches. */
  @ParameterizedTest
  @CsvSource({"1, 64", "7, 64", "64, 5", "64, 149", "7, 1", "16, 150", "200, 40"})
  void recordsTheMeanLossOfTheExamplesOfEachStep(int shards, int batchSize) {
    BatchPlan plan = new BatchPlan(Runs.EXAMPLES, batchSize, shards, 6, false);
    Training training = Runs.training("tanh", new Sgd(), 0, plan);
    List<double[]> tensors = tensors(training, Runs.initial(training));
    ReferenceNetwork reference =
        new ReferenceNetwork(
            Runs.FEATURES,
            List.of(new Stage(33, "tanh"), new Stage(13, "tanh"), new Stage(5, "identity")));
    int steps = (int) (plan.stepsOf(0) + 1);
    for (StepRecord record : Runs.run(training, SCALAR, steps).records()) {
      int first = (int) ((record.step() - 1) % plan.stepsOf(0)) * batchSize;
      int[] rows = IntStream.range(first, Math.min(first + batchSize, Runs.EXAMPLES)).toArray();
      float[][] x = new float[rows.length][Runs.FEATURES];
      int[] targets = new int[rows.length];
      for (int r = 0; r < rows.length; r++) {
        targets[r] = Runs.DATA.labels()[rows[r]];
        for (int i = 0; i < Runs.FEATURES; i++) {
          x[r][i] = Byte.toUnsignedInt(Runs.DATA.pixels()[rows[r]][i]) / 255f;
        }
      }
      assertThat(record.loss())
          .as("loss of step %s", record.step())
          .isCloseTo(reference.loss(tensors, x, targets) / rows.length, within(1e-5));
    }
  }

  private static List<double[]> tensors(Training training, State state) {
    float[] flat = state.parameters().toFlat();
    List<double[]> tensors = new ArrayList<>();
    for (ParameterTensor tensor : training.network().layout().tensors()) {
      float[] values = tensor.toFileOrder(flat);
      tensors.add(IntStream.range(0, values.length).mapToDouble(i -> values[i]).toArray());
    }
    return tensors;
  }

  /** With plain SGD the update is the mean gradient times the rate, so its length is known. */
  @Test
  void recordsTheNormOfTheMeanGradient() {
    Training training = Runs.training("tanh", new Sgd(), 4, plan(7));
    State before = Runs.initial(training);
    RoundResult result = Runs.run(training, SCALAR, 1);
    float[] p = before.parameters().toFlat();
    float[] q = result.state().parameters().toFlat();
    double squares = 0;
    for (int i = 0; i < p.length; i++) {
      squares += ((double) q[i] - p[i]) * ((double) q[i] - p[i]);
    }
    StepRecord record = result.records().get(0);
    assertThat(record.learningRate()).as("a quarter of 4").isEqualTo(1.0);
    assertThat(record.gradNorm()).isCloseTo(Math.sqrt(squares), within(1e-6));
  }

  @Test
  void recordsNumberStepsAndEpochsFromOneAndMonitorsSumAnEpoch() {
    RoundResult result = Runs.run(Runs.training("relu", new Sgd(), 0.1, plan(4)), SCALAR, 5);
    List<StepRecord> records = result.records();
    assertThat(records).extracting(StepRecord::step).containsExactly(1L, 2L, 3L, 4L, 5L);
    assertThat(records).extracting(StepRecord::epoch).containsExactly(1L, 1L, 1L, 2L, 2L);
    assertThat(records)
        .extracting(StepRecord::learningRate)
        .containsExactly(0.1 / 4, 0.1 * 2 / 4, 0.1 * 3 / 4, 0.1, 0.1);
    EpochSums epoch = result.state().monitors().epoch();
    assertThat(epoch.examples()).isEqualTo(128);
    assertThat(epoch.weight()).isEqualTo(128);
    assertThat(epoch.loss())
        .isCloseTo(64 * (records.get(3).loss() + records.get(4).loss()), within(1e-9));
  }

  @Test
  void learns() {
    List<StepRecord> records =
        Runs.run(Runs.training("relu", ADAM, 0.01, plan(4)), SCALAR, 90).records();
    assertThat(records.get(89).loss()).isLessThan(records.get(0).loss() / 4);
  }

  @ParameterizedTest
  @ValueSource(strings = {"relu", "identity"})
  void divergenceNamesTheFirstBadStep(String activation) {
    Training training = Runs.training(activation, new Momentum(0.9f, false), 1e6, plan(4));
    DivergedException diverged =
        catchThrowableOfType(DivergedException.class, () -> Runs.run(training, SCALAR, 300));
    assertThat(diverged).isNotNull();
    int bad = (int) diverged.step().step();
    assertThat(diverged)
        .hasMessageContaining("diverged at step %d of epoch %d".formatted(bad, (bad + 2) / 3))
        .hasMessageContaining("lower learning rate");
    RoundResult before = Runs.run(training, SCALAR, bad - 1);
    assertThat(before.records())
        .hasSize(bad - 1)
        .allMatch(r -> Double.isFinite(r.loss()) && Double.isFinite(r.gradNorm()));
    float[] parameters = before.state().parameters().toFlat();
    assertThat(SCALAR.elements().flush(parameters, 0, parameters.length)).isTrue();
  }

  /**
   * With a first layer of zeros and a second one of 1e22 all outputs are 0 and the loss is finite,
   * but the gradient is of the order of 1e22: Adam's second moment overflows, and Adam would stand
   * still for ever with finite parameters.
   */
  @Test
  void anOverflowingSlotOfAdamIsADivergence() {
    Training training = Runs.training("tanh", ADAM, 0.01, plan(4));
    List<ParameterTensor> tensors = training.network().layout().tensors();
    float[] parameters = new float[training.network().layout().length()];
    float[] huge = new float[tensors.get(2).size()];
    Arrays.fill(huge, 1e22f);
    tensors.get(2).fromFileOrder(huge, parameters);
    float[] last = new float[tensors.get(4).size()];
    for (int i = 0; i < last.length; i++) {
      last[i] = i;
    }
    tensors.get(4).fromFileOrder(last, parameters);
    State initial = State.initial(training, parameters);
    try (LocalEngine engine = Runs.engine(training, SCALAR)) {
      assertThatThrownBy(() -> engine.advance(initial, new Round(0, 1)))
          .isInstanceOf(DivergedException.class)
          .hasMessageContaining("step 1 of epoch 1: the norm of the gradient is Infinity");
    }
  }

  /** A slot that overflowed before, seen at the first step that goes on from it. */
  @Test
  void aSlotThatIsNotFiniteIsADivergenceThoughNothingElseShowsIt() {
    Training training = Runs.training("tanh", ADAM, 0.01, plan(4));
    State good = Runs.run(training, SCALAR, 5).state();
    ParameterLayout layout = training.network().layout();
    float[] second = good.slots().get(1).toFlat();
    second[Panels.START] = Float.POSITIVE_INFINITY;
    List<SlicedVector> slots = List.of(good.slots().get(0), SlicedVector.copyOf(second, layout));
    State bad =
        new State(good.step(), good.seed(), good.parameters(), slots, List.of(), good.monitors());
    try (LocalEngine engine = Runs.engine(training, SCALAR)) {
      assertThatThrownBy(() -> engine.advance(bad, new Round(5, 1)))
          .isInstanceOf(DivergedException.class)
          .hasMessageContaining("step 6 of epoch 2: a parameter or a slot of the optimiser");
    }
  }

  @Test
  void aCancelledEngineStaysCancelled() {
    Training training = Runs.training("relu", new Sgd(), 0.1, plan(4));
    State initial = Runs.initial(training);
    try (LocalEngine engine = Runs.engine(training, SCALAR)) {
      engine.cancel();
      Round round = new Round(0, 1);
      assertThatThrownBy(() -> engine.advance(initial, round))
          .isInstanceOf(CancelledException.class);
      assertThatThrownBy(() -> engine.advance(initial, round))
          .isInstanceOf(CancelledException.class);
    }
  }
}
