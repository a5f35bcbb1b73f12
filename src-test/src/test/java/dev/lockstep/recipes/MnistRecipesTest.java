package dev.lockstep.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped recipes reach their figures on all 10,000 test images of the real MNIST. */
class MnistRecipesTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void mlpReaches97Point5(int seed) throws IOException {
    Recipe.Run run = Recipe.onMnist("mnist-mlp.conf").set("seed=" + seed).train(directory);
    assertThat(run.summary().path("parameters").asInt()).isEqualTo(242_762);
    assertThat(run.accuracy()).isGreaterThanOrEqualTo(0.975);
    assertThat(run.err()).doesNotContain("usually helps");
  }

  @Test
  void softmaxFromZerosReaches92() throws IOException {
    Recipe.Run run = Recipe.onMnist("mnist-softmax.conf").train(directory);
    assertThat(run.accuracy()).isGreaterThanOrEqualTo(0.92);
    assertThat(run.err()).doesNotContain("usually helps");
  }

  @Test
  void svmReaches92Point5() throws IOException {
    Recipe.Run run = Recipe.onMnist("mnist-svm.conf").train(directory);
    assertThat(run.accuracy()).isGreaterThanOrEqualTo(0.925);
  }

  /** One epoch instead of 100, over which the rate falls to 0. */
  @Test
  void mlpWithDropoutReaches94InAnEpoch() throws IOException {
    Recipe.Run run = Recipe.onMnist("mnist-mlp-dropout.conf").set("epochs=1").train(directory);
    assertThat(run.summary().path("parameters").asInt()).isEqualTo(2_913_290);
    assertThat(run.accuracy()).isGreaterThanOrEqualTo(0.94);
    assertThat(run.summary().path("train_accuracy").asDouble())
        .as("trained with dropout, evaluated without")
        .isGreaterThan(0.94);
  }
}
