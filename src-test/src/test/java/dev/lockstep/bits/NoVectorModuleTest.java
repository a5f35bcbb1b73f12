package dev.lockstep.bits;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A JVM without the module jdk.incubator.vector trains to the same bits, and says what it lacks.
 */
class NoVectorModuleTest {
  private static final long DEADLINE_SECONDS = 120;

  @TempDir private Path directory;

  @Test
  void trainsToTheSameBitsWithTheScalarKernels() throws IOException, InterruptedException {
    JsonNode with = train("with", List.of("--add-modules=jdk.incubator.vector"));
    JsonNode without = train("without", List.of());

    assertThat(with.path("kernel").asText()).startsWith("vector");
    assertThat(without.path("kernel").asText()).isEqualTo("scalar");
    assertThat(without.path("model_sha256").asText())
        .hasSize(64)
        .isEqualTo(with.path("model_sha256").asText());
    assertThat(stderr("without"))
        .contains("scalar kernels")
        .contains("the Java module jdk.incubator.vector is absent")
        .contains("--add-modules=jdk.incubator.vector");
  }

  private JsonNode train(String name, List<String> options)
      throws IOException, InterruptedException {
    Path out = directory.resolve(name);
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            "dev.lockstep.cli.Lockstep",
            "train",
            "--data",
            "synthetic:digits?n=1000&seed=3",
            "--set",
            "engine=local",
            "--set",
            "epochs=1",
            "--out",
            out.toString()));
    Process process =
        new ProcessBuilder(command)
            .redirectError(directory.resolve(name + ".err").toFile())
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).as(stderr(name)).isTrue();
      assertThat(process.exitValue()).as(stderr(name)).isZero();
    } finally {
      process.destroyForcibly();
    }
    return new ObjectMapper().readTree(out.resolve("summary.json").toFile());
  }

  private String stderr(String name) throws IOException {
    return Files.readString(directory.resolve(name + ".err"));
  }
}
