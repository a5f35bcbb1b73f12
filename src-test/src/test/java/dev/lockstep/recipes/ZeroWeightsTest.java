package dev.lockstep.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A network with hidden layers that begins with equal weights does not learn, and says so. */
class ZeroWeightsTest {
  private static final String DIGITS = "synthetic:digits?n=6000&seed=1";
  private static final String ALIKE =
      ": the units of a hidden layer begin alike and so stay alike, and the network learns little or"
          + " nothing; he-normal, or xavier-normal for sigmoid and tanh, usually helps";

  @TempDir private Path directory;

  private Recipe mlp() {
    return Recipe.of("mnist-mlp.conf")
        .with("--data", DIGITS)
        .set("batch-size=100", "optimizer.learning-rate=0.001", "epochs=3");
  }

  @Test
  void itDoesNotLearnFromZeros() throws IOException {
    assertThat(mlp().train(directory).accuracy()).isGreaterThan(0.85);
    Recipe.Run zeros = mlp().set("init.scheme=zeros").train(directory);
    assertThat(zeros.accuracy()).isBetween(0.05, 0.15);
    assertThat(zeros.err().lines())
        .contains("init.scheme = zeros" + ALIKE)
        .anyMatch(line -> line.startsWith("layer 2 (relu 256): 100 % dead; units that never fire"));
    for (int layer = 0; layer < 6; layer += 2) {
      assertThat(zeros.health().get(layer).path("gradient_norm").asDouble()).isZero();
    }
  }

  /** Sigmoids of 0 are not 0, so something is learned, but all units of a layer are one. */
  @Test
  void unitsOfOneValueStayAlike() throws IOException {
    String layers = "layers=[dense 16 sigmoid, dense 10]";
    Recipe.Run run = mlp().set(layers, "init.scheme=zeros").train(directory);
    assertThat(run.accuracy()).isLessThan(0.3);
    assertThat(mlp().set(layers).train(directory).accuracy()).isGreaterThan(0.5);
  }

  @ParameterizedTest
  @CsvSource({
    "zeros, 'dense 3 relu, dense 10', true",
    "zeros, 'dense 10', false",
    "zeros, 'dense 10 prelu', false",
    "he-normal, 'dense 3 relu, dense 10', false",
    "constant, 'dense 3 relu, dense 10', true"
  })
  void theWarningIsForHiddenLayers(String scheme, String layers, boolean isWarned)
      throws IOException {
    Recipe recipe =
        mlp().set("engine=local", "steps=1", "init.scheme=" + scheme, "layers=[" + layers + "]");
    Recipe chosen = scheme.equals("constant") ? recipe.set("init.value=0.1") : recipe;
    assertThat(chosen.train(directory).err().contains("init.scheme = " + scheme + ALIKE))
        .isEqualTo(isWarned);
  }
}
