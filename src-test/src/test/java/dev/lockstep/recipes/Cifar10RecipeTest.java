package dev.lockstep.recipes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The linear recipe for CIFAR-10's format reaches its figure on images that are made here. */
class Cifar10RecipeTest {
  private static final String RECIPE = "cifar10-linear.conf";

  @TempDir private Path directory;
  @TempDir private Path runs;

  @Test
  void linearReaches98() throws IOException {
    StripedImages.write(directory, 2000, 2000);
    JsonNode summary = train(1);
    assertThat(summary.path("parameters").asInt()).isEqualTo(3072 * 10 + 10);
    assertThat(summary.path("test_accuracy").asDouble()).isGreaterThanOrEqualTo(0.98);
    assertThat(train(2).path("test_accuracy").asDouble()).isGreaterThanOrEqualTo(0.98);
    String model = summary.path("model_sha256").asText();
    zip();
    assertThat(train(1).path("model_sha256").asText()).isEqualTo(model);
  }

  /** Puts the .gz of each file in its place. */
  private void zip() throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.list(directory)) {
      files = all.filter(file -> file.toString().endsWith(".bin")).toList();
    }
    assertThat(files).hasSize(6);
    for (Path file : files) {
      try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(Path.of(file + ".gz")))) {
        Files.copy(file, out);
      }
      Files.delete(file);
    }
  }

  private JsonNode train(int seed) throws IOException {
    return Recipe.of(RECIPE)
        .with("--data", directory.toString())
        .set("seed=" + seed)
        .train(runs)
        .summary();
  }
}
