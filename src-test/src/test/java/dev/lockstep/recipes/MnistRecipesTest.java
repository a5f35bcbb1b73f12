package dev.lockstep.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.cli.Lockstep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The shipped recipes reach their figures on all 10,000 test images of the real MNIST. */
class MnistRecipesTest {
  private static final Path MNIST =
      Path.of(System.getProperty("lockstep.mnist", "lockstep.mnist is not set"));

  @TempDir private Path directory;

  @BeforeAll
  static void needsMnist() {
    assumeTrue(Files.isDirectory(MNIST), "SKIPPED: the real MNIST is not at " + MNIST);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void mlpReaches97Point5(int seed) throws IOException {
    JsonNode summary = train("mnist-mlp.conf", seed);
    assertThat(summary.path("parameters").asInt()).isEqualTo(242_762);
    assertThat(summary.path("test_accuracy").asDouble()).isGreaterThanOrEqualTo(0.975);
  }

  @Test
  void softmaxFromZerosReaches92() throws IOException {
    JsonNode summary = train("mnist-softmax.conf", 1);
    assertThat(summary.path("test_accuracy").asDouble()).isGreaterThanOrEqualTo(0.92);
  }

  private JsonNode train(String recipe, int seed) throws IOException {
    Path conf = Path.of(System.getProperty("lockstep.home"), "conf", recipe);
    Path out = directory.resolve("run");
    int exit =
        Lockstep.commandLine()
            .execute(
                "train",
                conf.toString(),
                "--data",
                MNIST.toString(),
                "--master",
                "local[2]",
                "--set",
                "seed=" + seed,
                "--out",
                out.toString());
    assertThat(exit).isZero();
    return new ObjectMapper().readTree(out.resolve("summary.json").toFile());
  }
}
