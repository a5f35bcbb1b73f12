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
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.schedule.Constant;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Fifty losses of a run from given weights, in file order. */
class PyTorchTrajectoryTest {
  private static final int STEPS = 50;
  private static final int BATCH = 32;

  @ParameterizedTest
  @CsvSource({"tanh, 1", "tanh, 2", "tanh, 7", "relu, 1", "relu, 2", "relu, 7"})
  void lossesOfFiftySteps(String activation, int shards) throws IOException {
    GoldenFile golden = GoldenFile.read("trajectory-%s.txt".formatted(activation));
    Network network =
        NetworkParser.parse(
            20, List.of("dense 16 " + activation, "dense 12 " + activation, "dense 5"));
    Examples examples = examples(golden);
    BatchPlan plan = new BatchPlan(examples.examples(), BATCH, shards, 0, false);
    Training training =
        new Training(
            network,
            new SoftmaxCrossEntropy(),
            new Momentum(golden.get("momentum").floats()[0], false),
            new Constant(golden.get("learning-rate").values()[0]),
            plan);
    State initial = State.initial(training, golden.parameters(network));
    List<StepRecord> records;
    try (LocalEngine engine =
        new LocalEngine(training, examples.shards(plan), KernelWidths.all().get(0))) {
      records = engine.advance(initial, new Round(0, STEPS)).records();
    }

    double[] float32 = golden.get("losses.float32").values();
    double[] float64 = golden.get("losses.float64").values();
    double spread = 0;
    for (int s = 0; s < STEPS; s++) {
      spread = Math.max(spread, Math.abs(float32[s] - float64[s]));
    }
    assertThat(float64[STEPS - 1]).as("the run learns").isLessThan(float64[0] / 2);
    assertThat(records).hasSize(STEPS);
    for (int s = 0; s < STEPS; s++) {
      assertThat(Math.abs(records.get(s).loss() - float64[s]))
          .as("loss of step %s: %s, want %s", s + 1, records.get(s).loss(), float64[s])
          .isLessThan(Math.max(1e-4, 3 * spread));
    }
  }

  private static Examples examples(GoldenFile golden) {
    int[] labels = golden.get("labels").integers();
    int[] flat = golden.get("pixels").integers();
    int features = flat.length / labels.length;
    byte[][] pixels = new byte[labels.length][features];
    for (int i = 0; i < flat.length; i++) {
      pixels[i / features][i % features] = (byte) flat[i];
    }
    return new Examples(pixels, labels);
  }
}
