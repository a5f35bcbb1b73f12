package dev.lockstep.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.LocalEngine;
import dev.lockstep.engine.NoiseAverages;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.engine.Training;
import dev.lockstep.fixture.Examples;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.gradient.NoiseSampling;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.optimizer.Update;
import dev.lockstep.schedule.Constant;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The gradient noise scale of src-test/golden/noise.py. */
class PyTorchNoiseTest {
  private static final int STEPS = 50;
  private static final int BATCH = 32;
  private static final int SHARDS = 4;
  private static final NoiseSampling EVERY_STEP = new NoiseSampling(1, 0.8);

  @Test
  void estimatesAndTheirAverages() throws IOException {
    GoldenFile golden = GoldenFile.read("noise.txt");
    Network network = NetworkParser.parse(20, List.of("dense 16 tanh", "dense 12 tanh", "dense 5"));
    Examples examples = golden.examples();
    BatchPlan plan = new BatchPlan(examples.examples(), BATCH, SHARDS, 0, false);
    Training training =
        new Training(
            network,
            new SoftmaxCrossEntropy(),
            Update.of(new Momentum(0.9f, false), new Constant(0.2)),
            plan,
            1,
            EVERY_STEP);
    RoundResult result;
    try (LocalEngine engine =
        new LocalEngine(training, examples.shards(plan), KernelWidths.all().get(0))) {
      State initial = State.initial(training, golden.parameters(network));
      result = engine.advance(initial, new Round(0, STEPS));
    }
    NoiseAverages averages = NoiseAverages.NONE;
    for (int s = 0; s < STEPS; s++) {
      StepRecord step = result.records().get(s);
      averages = averages.after(step, EVERY_STEP);
      assertClose(step.noise().trace(), golden, "trace", s);
      assertClose(step.noise().gradientSquares(), golden, "gradient-squares", s);
      assertClose(averages.scale().orElseThrow(), golden, "scale", s);
    }
    assertThat(result.state().monitors().noise()).isEqualTo(averages);
  }

  /** Within 1e-5 of the value; a difference of norms has the error of the norms. */
  private static void assertClose(double actual, GoldenFile golden, String name, int step) {
    double expected = golden.get(name).values()[step];
    assertThat(actual)
        .as("%s of step %s", name, step + 1)
        .isCloseTo(expected, within(1e-5 * Math.abs(expected)));
  }
}
