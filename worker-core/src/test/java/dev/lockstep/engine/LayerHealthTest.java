package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.layer.Health;
import dev.lockstep.layer.Normalize;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterTensor;
import dev.lockstep.optimizer.Sgd;
import dev.lockstep.schedule.Constant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an epoch of a small run tells, against what its states and steps say. */
class LayerHealthTest {
  private static Training training(double rate, String... layers) {
    return new Training(
        NetworkParser.parse(Runs.FEATURES, List.of(layers)),
        new SoftmaxCrossEntropy(),
        new Sgd(),
        new Constant(rate),
        new BatchPlan(Runs.EXAMPLES, 50, 4, 6, true));
  }

  private static State epoch(Training training, float[] parameters) {
    try (LocalEngine engine = Runs.engine(training, Kernels.SCALAR)) {
      return engine.advance(State.initial(training, parameters), new Round(0, 3)).state();
    }
  }

  private static float[] initial(Training training) {
    return Runs.initial(training).parameters().toFlat();
  }

  private static double norm(Network network, float[] vector, int firstTensor) {
    double squares = 0;
    for (ParameterTensor tensor :
        network.layout().tensors().subList(firstTensor, firstTensor + 2)) {
      for (float value : tensor.toFileOrder(vector)) {
        squares += (double) value * value;
      }
    }
    return Math.sqrt(squares);
  }

  @Test
  void normsAreThoseOfWeightsGradientsAndTheLastUpdate() {
    Training training = training(0.1, "dense 33 relu", "dense 5");
    State before;
    State after;
    try (LocalEngine engine = Runs.engine(training, Kernels.SCALAR)) {
      State start = State.initial(training, initial(training));
      before = engine.advance(start, new Round(0, 2)).state();
      after = engine.advance(before, new Round(2, 1)).state();
    }
    List<LayerHealth> health = LayerHealth.of(training, after);
    assertThat(health).extracting(LayerHealth::index).containsExactly(1, 2, 3);
    assertThat(health)
        .extracting(LayerHealth::layer)
        .containsExactly("dense 20x33", "relu 33", "dense 33x5");
    float[] p = after.parameters().toFlat();
    float[] change = p.clone();
    float[] q = before.parameters().toFlat();
    for (int i = 0; i < change.length; i++) {
      change[i] -= q[i];
    }
    for (int matrix = 0; matrix < 2; matrix++) {
      LayerHealth.Norms norms = health.get(2 * matrix).norms().orElseThrow();
      double weights = norm(training.network(), p, 2 * matrix);
      double update = norm(training.network(), change, 2 * matrix);
      assertThat(norms.weights()).isCloseTo(weights, within(1e-6 * weights));
      assertThat(norms.update()).isCloseTo(update, within(1e-4 * update));
      assertThat(norms.updateRatio()).isCloseTo(update / weights, within(1e-4));
    }
    // The squares of both layers add up to those of the steps.
    double all = 0;
    for (int layer : new int[] {0, 2}) {
      double gradients = health.get(layer).norms().orElseThrow().gradients();
      all += gradients * gradients;
    }
    double ofSteps = 0;
    for (StepRecord step : Runs.run(training, Kernels.SCALAR, 3).records()) {
      ofSteps += step.gradNorm() * step.gradNorm() / 3;
    }
    assertThat(all).isCloseTo(ofSteps, within(1e-9 * ofSteps));
  }

  /** Biases so low that no example reaches 4 of 16 units. */
  @Test
  void unitsThatNeverFireAreDead() {
    Training training = training(1e-6, "dense 16 relu", "dense 5");
    float[] parameters = initial(training);
    ParameterTensor bias = training.network().layout().tensors().get(1);
    float[] low = new float[16];
    for (int unit = 0; unit < 4; unit++) {
      low[unit] = -1000;
    }
    for (int unit = 4; unit < 16; unit++) {
      low[unit] = 1000;
    }
    bias.fromFileOrder(low, parameters);
    Health activity = LayerHealth.of(training, epoch(training, parameters)).get(1).activity();
    assertThat(activity.figure()).isEqualTo("dead");
    assertThat(activity.fraction()).isEqualTo(0.25);
  }

  @Test
  void theDeadAreWarnedOfOnceTheyAreMany() {
    Training training = training(0.001, "dense 8 relu", "dense 5");
    float[] parameters = initial(training);
    float[] low = new float[8];
    Arrays.fill(low, -1000);
    training.network().layout().tensors().get(1).fromFileOrder(low, parameters);
    List<LayerHealth> health = LayerHealth.of(training, epoch(training, parameters));
    assertThat(health.get(1).warning())
        .contains(
            "layer 2 (relu 8): 100 % dead; units that never fire learn nothing; a lower learning"
                + " rate, he-normal weights or leaky-relu usually helps");
    assertThat(health.get(0).warning())
        .hasValueSatisfying(
            warning -> assertThat(warning).startsWith("layer 1 (dense 20x8): the gradient is 0"));
    assertThat(health.get(2).warning()).isEmpty();
  }

  @Test
  void flatUnitsAreSaturated() {
    for (String kind : List.of("sigmoid", "tanh")) {
      Training training = training(1e-6, "dense 4 " + kind, "dense 5");
      float[] parameters = new float[training.network().layout().length()];
      training
          .network()
          .layout()
          .tensors()
          .get(1)
          .fromFileOrder(new float[] {-20, 0.5f, 20, 30}, parameters);
      Health activity = LayerHealth.of(training, epoch(training, parameters)).get(1).activity();
      assertThat(activity.figure()).isEqualTo("saturated");
      assertThat(activity.fraction()).as(kind).isEqualTo(0.75);
    }
  }

  @Test
  void aLargeUpdateIsWarnedOf() {
    Training training = training(5, "dense 5");
    assertThat(LayerHealth.of(training, epoch(training, initial(training))).get(0).warning())
        .hasValueSatisfying(
            warning ->
                assertThat(warning)
                    .startsWith("layer 1 (dense 20x5): an update is ")
                    .endsWith("a lower learning rate or warm-up usually helps"));
  }

  @Test
  void whatNormalisesInputsIsNumberZeroAndSaysNothing() {
    Training plain = training(0.1, "dense 5");
    float[] ones = new float[Runs.FEATURES];
    Arrays.fill(ones, 1f);
    Training normalised = plain.with(plain.network().after(new Normalize(ones, ones)));
    assertThat(LayerHealth.of(normalised, epoch(normalised, initial(normalised))))
        .extracting(LayerHealth::index)
        .containsExactly(1);
  }
}
