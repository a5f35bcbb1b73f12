package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.fixture.Bits;
import dev.lockstep.fixture.Examples;
import dev.lockstep.fixture.KernelWidths;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.gradient.NoiseSampling;
import dev.lockstep.gradient.ShardGradients;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.optimizer.Update;
import dev.lockstep.schedule.Constant;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NoiseScaleTest {
  private static final Kernels KERNELS = KernelWidths.all().get(0);
  private static final Examples DATA =
      halfRandom(Examples.draw(2000, 20, 5, new SplittableRandom(8)));
  private static final Network NETWORK =
      NetworkParser.parse(20, List.of("dense 12 tanh", "dense 5"));

  /** Every second label is another's, so that noise does not run away as the network learns. */
  private static Examples halfRandom(Examples examples) {
    int[] labels = examples.labels().clone();
    for (int e = 0; e < labels.length; e += 2) {
      labels[e] = examples.labels()[labels.length - 1 - e];
    }
    return new Examples(examples.pixels(), labels);
  }

  private static Training training(int batch, int shards, double rate, NoiseSampling noise) {
    return new Training(
        NETWORK,
        new SoftmaxCrossEntropy(),
        Update.of(new Momentum(0.9f, false), new Constant(rate)),
        new BatchPlan(DATA.examples(), batch, shards, 3, true),
        1,
        noise);
  }

  /** Measuring takes nodes of the tree apart; their sums stay the same bits. */
  @ParameterizedTest
  @CsvSource({"64, 4", "100, 7", "1000, 64", "2000, 33", "700, 1"})
  void measuringChangesNoOtherBit(int batch, int shards) {
    RoundResult plain =
        Runs.run(training(batch, shards, 0.1, NoiseSampling.NONE), DATA, KERNELS, 12);
    RoundResult measured =
        Runs.run(training(batch, shards, 0.1, new NoiseSampling(3, 0.5)), DATA, KERNELS, 12);
    Bits.assertSame(
        "parameters", measured.state().parameters().toFlat(), plain.state().parameters().toFlat());
    assertThat(measured.state().monitors().epoch()).isEqualTo(plain.state().monitors().epoch());
    for (StepRecord step : measured.records()) {
      assertThat(step.noise().isMeasured()).isEqualTo(shards > 1 && step.step() % 3 == 0);
    }
  }

  @Test
  void theWholeTrainingSetIsItsOwnGradient() {
    NoiseSampling every = new NoiseSampling(1, 0);
    StepRecord step = Runs.run(training(2000, 8, 1e-6, every), DATA, KERNELS, 1).records().get(0);
    assertThat(step.noise().gradientSquares())
        .isCloseTo(step.gradNorm() * step.gradNorm(), within(1e-12));
  }

  /** Against the gradient of every single example, at three points of a run. */
  @Test
  void isThatOfAllExamplesOneByOne() {
    Training training = training(400, 64, 0.0003, new NoiseSampling(1, 0.99));
    try (LocalEngine engine = new LocalEngine(training, DATA.shards(training.plan()), KERNELS)) {
      State state = State.initial(training, Runs.initial(training).parameters().toFlat());
      for (int steps : new int[] {1000, 1000, 1000}) {
        state = engine.advance(state, new Round(state.step(), steps)).state();
        double exact = exactScale(state.parameters().toFlat());
        double estimate = state.monitors().noise().scale().orElseThrow();
        assertThat(estimate / exact).as("after %s steps", state.step()).isCloseTo(1, within(0.15));
      }
    }
  }

  private static double exactScale(float[] parameters) {
    int n = (int) DATA.examples();
    BatchPlan oneByOne = new BatchPlan(n, 1, 1, 0, false);
    ShardGradients gradients =
        new ShardGradients(
            NETWORK, new SoftmaxCrossEntropy(), oneByOne, DATA.shards(oneByOne), KERNELS);
    double[] mean = new double[parameters.length];
    double squares = 0;
    for (int e = 0; e < n; e++) {
      NodeSum one = gradients.sum(e, parameters).total();
      for (int i = 0; i < mean.length; i++) {
        double g = one.gradient()[i];
        mean[i] += g / n;
        squares += g * g;
      }
    }
    double ofMean = 0;
    for (double g : mean) {
      ofMean += g * g;
    }
    return (squares - n * ofMean) / (n - 1) / ofMean;
  }
}
