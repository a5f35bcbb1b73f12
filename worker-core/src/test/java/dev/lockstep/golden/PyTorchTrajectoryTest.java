package dev.lockstep.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.LocalEngine;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.engine.Training;
import dev.lockstep.fixture.Examples;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.optimizer.Clipping;
import dev.lockstep.optimizer.Update;
import dev.lockstep.schedule.ExponentialWarmUp;
import dev.lockstep.schedule.Horizon;
import dev.lockstep.schedule.LinearWarmUp;
import dev.lockstep.schedule.Schedule;
import dev.lockstep.schedule.ScheduleKind;
import dev.lockstep.schedule.Schedules;
import dev.lockstep.setting.Settings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Fifty losses of a run from given weights, in file order. */
class PyTorchTrajectoryTest {
  private static final int STEPS = 50;
  private static final int BATCH = 32;

  /**
   * A schedule of src-test/golden/trajectories.py.
   *
   * @param label its name there
   * @param kind ours
   * @param given its settings
   * @param warmUp what goes before it
   */
  private record Shape(
      String label, String kind, Map<String, String> given, UnaryOperator<Schedule> warmUp) {
    Shape(String kind, Map<String, String> given) {
      this(kind, kind, given, UnaryOperator.identity());
    }

    Schedule schedule(double rate, BatchPlan plan) {
      ScheduleKind found = Schedules.KINDS.get(kind);
      Horizon horizon = new Horizon(rate, plan, STEPS);
      return warmUp.apply(found.create(Settings.read(found, given), horizon));
    }

    @Override
    public String toString() {
      return label;
    }
  }

  private static final Shape CONSTANT = new Shape("constant", Map.of());
  private static final List<Shape> SHAPES =
      List.of(
          CONSTANT,
          new Shape("step", Map.of("every", "15 steps", "factor", "0.5")),
          new Shape("multi-step", Map.of("milestones", "[1, 35 steps]", "factor", "0.3")),
          new Shape("exponential", Map.of("every", "1 step", "factor", "0.97")),
          new Shape("inverse-time", Map.of("decay", "0.5")),
          new Shape("polynomial", Map.of("length", "4 epochs", "power", "2")),
          new Shape("cosine", Map.of("end", "0.001")),
          new Shape("cosine-restarts", Map.of("period", "1", "growth", "2", "end", "0.001")),
          new Shape("one-cycle", Map.of("start-divisor", "10", "end-divisor", "100")),
          new Shape("sequence", Map.of("phases", "[constant for 2 epochs, cosine]")),
          new Shape("warm-up", "constant", Map.of(), s -> new LinearWarmUp(s, 20)),
          new Shape("exponential-warm-up", "constant", Map.of(), s -> new ExponentialWarmUp(s, 20)),
          new Shape("warm-up-cosine", "cosine", Map.of(), s -> new LinearWarmUp(s, 10)));

  static Stream<Arguments> twoOptimizersWithEverySchedule() {
    return Stream.of(GoldenOptimizer.MOMENTUM, GoldenOptimizer.ADAM)
        .flatMap(
            optimizer ->
                SHAPES.stream()
                    .filter(shape -> !shape.equals(CONSTANT))
                    .map(shape -> Arguments.of(optimizer, shape)));
  }

  @Test
  void everyScheduleHasGoldenValues() {
    assertThat(SHAPES.stream().map(Shape::kind).distinct())
        .containsExactlyInAnyOrderElementsOf(Schedules.KINDS.names());
  }

  @ParameterizedTest
  @MethodSource("dev.lockstep.golden.GoldenOptimizer#all")
  void everyOptimizer(GoldenOptimizer optimizer) throws IOException {
    assertLosses(optimizer.label(), "tanh", optimizer, CONSTANT, 1);
  }

  @ParameterizedTest
  @MethodSource("twoOptimizersWithEverySchedule")
  void everySchedule(GoldenOptimizer optimizer, Shape shape) throws IOException {
    assertLosses(optimizer.label() + "-" + shape.label(), "tanh", optimizer, shape, 1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void anyNumberOfShards(int shards) throws IOException {
    GoldenOptimizer momentum = GoldenOptimizer.MOMENTUM;
    assertLosses(momentum.label(), "tanh", momentum, CONSTANT, shards);
    assertLosses(momentum.label() + "-relu", "relu", momentum, CONSTANT, shards);
  }

  private static void assertLosses(
      String label, String activation, GoldenOptimizer optimizer, Shape shape, int shards)
      throws IOException {
    GoldenFile golden = GoldenFile.read("trajectories.txt");
    Network network =
        NetworkParser.parse(
            20, List.of("dense 16 " + activation, "dense 12 " + activation, "dense 5"));
    Examples examples = golden.examples();
    BatchPlan plan = new BatchPlan(examples.examples(), BATCH, shards, 0, false);
    Update update =
        new Update(
            optimizer.optimizer(),
            shape.schedule(optimizer.rate(), plan),
            Clipping.NONE,
            optimizer.penalties(),
            0);
    Training training = new Training(network, new SoftmaxCrossEntropy(), update, plan, 1);
    State initial = State.initial(training, golden.parameters(network));
    List<StepRecord> records;
    try (LocalEngine engine =
        new LocalEngine(training, examples.shards(plan), KernelWidths.all().get(0))) {
      records = engine.advance(initial, new Round(0, STEPS)).records();
    }

    double[] losses = golden.get(label + ".losses").values();
    double bound = Math.max(1e-4, 3 * golden.get(label + ".spread").values()[0]);
    assertThat(losses[STEPS - 1]).as("the run learns").isLessThan(losses[0] / 2);
    assertThat(records).hasSize(STEPS);
    for (int s = 0; s < STEPS; s++) {
      assertThat(Math.abs(records.get(s).loss() - losses[s]))
          .as("loss of step %s: %s, want %s", s + 1, records.get(s).loss(), losses[s])
          .isLessThan(bound);
    }
  }
}
