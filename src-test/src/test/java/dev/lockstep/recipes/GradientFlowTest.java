package dev.lockstep.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where gradients vanish, and what keeps them: shown by the figures that a run writes down. */
class GradientFlowTest {
  @TempDir private Path directory;

  @Test
  void inADeepNetworkOfSigmoidsItVanishesFromLayerToLayer() throws IOException {
    Recipe.Run run = Recipe.onMnist("mnist-deep-sigmoid.conf").set("epochs=1").train(directory);
    double[] norms = gradientNorms(run);
    assertThat(norms).hasSize(7);
    assertThat(norms[6] / norms[0]).isGreaterThan(300);
    for (int layer = 1; layer < 7; layer++) {
      assertThat(norms[layer]).as("layer %d", layer).isGreaterThan(norms[layer - 1]);
    }
    assertThat(run.accuracy()).isLessThan(0.15);
  }

  @Test
  void inOneOfRelusItDoesNot() throws IOException {
    Recipe.Run run = Recipe.onMnist("mnist-deep-relu.conf").set("epochs=1").train(directory);
    double[] norms = gradientNorms(run);
    assertThat(norms).hasSize(7);
    assertThat(norms[6] / norms[0]).isBetween(0.1, 10.0);
    assertThat(run.accuracy()).isGreaterThan(0.93);
  }

  /** Of each layer that learns, from the first to the last. */
  private static double[] gradientNorms(Recipe.Run run) throws IOException {
    return run.health().stream()
        .filter(layer -> layer.has("gradient_norm"))
        .mapToDouble(layer -> layer.path("gradient_norm").asDouble())
        .toArray();
  }

  /** Both begin with the same outputs, and take the same steps. */
  @Test
  void fromSaturatedUnitsTheQuadraticCostStartsSlowly() throws IOException {
    Recipe.Run quadratic = Recipe.of("saturated-quadratic.conf").train(directory);
    Recipe.Run crossEntropy = Recipe.of("saturated-cross-entropy.conf").train(directory);
    assertThat(fallen(quadratic)).isBetween(-0.01, 0.01);
    assertThat(fallen(crossEntropy)).isGreaterThan(0.95);
    assertThat(quadratic.accuracy()).isLessThan(0.2);
    assertThat(crossEntropy.accuracy()).isGreaterThan(0.7);
    assertThat(quadratic.err())
        .containsPattern("layer 2 \\(sigmoid 10\\): 9\\d % saturated; flat units hardly learn");
  }

  /** The part of the first step's loss that is gone in the end. */
  private static double fallen(Recipe.Run run) throws IOException {
    List<JsonNode> steps = run.steps();
    assertThat(steps).hasSize(600);
    return 1 - run.summary().path("train_loss").asDouble() / steps.get(0).path("loss").asDouble();
  }
}
