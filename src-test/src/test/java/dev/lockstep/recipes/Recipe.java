package dev.lockstep.recipes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.cli.Lockstep;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;

/**
 * A recipe of {@code conf/}, run as a user runs it but in this JVM.
 *
 * @param name of its file
 * @param words of the command line behind it
 */
record Recipe(String name, List<String> words) {
  private static final Path MNIST =
      Path.of(System.getProperty("lockstep.mnist", "lockstep.mnist is not set"));
  private static final ObjectMapper JSON = new ObjectMapper();

  /** A recipe as it is, for {@code --master local[2]}. */
  static Recipe of(String name) {
    return new Recipe(name, List.of("--master", "local[2]"));
  }

  /** A recipe on the real MNIST; skips the test, by name, where that is missing. */
  static Recipe onMnist(String name) {
    assumeTrue(Files.isDirectory(MNIST), "SKIPPED: the real MNIST is not at " + MNIST);
    return of(name).with("--data", MNIST.toString());
  }

  /** With more words, such as {@code --data DIR}. */
  Recipe with(String... more) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of(more));
    return new Recipe(name, all);
  }

  /** With settings in place of its own, each {@code key=value}. */
  Recipe set(String... settings) {
    List<String> all = new ArrayList<>(words);
    for (String setting : settings) {
      all.addAll(List.of("--set", setting));
    }
    return new Recipe(name, all);
  }

  /**
   * A run that ended well.
   *
   * @param directory its directory
   * @param err what it wrote to stderr
   */
  record Run(Path directory, String err) {
    JsonNode summary() throws IOException {
      return JSON.readTree(directory.resolve("summary.json").toFile());
    }

    /** The share of test examples that it gets right. */
    double accuracy() throws IOException {
      return summary().path("test_accuracy").asDouble();
    }

    /** The lines of {@code metrics.jsonl}. */
    List<JsonNode> steps() throws IOException {
      List<JsonNode> steps = new ArrayList<>();
      for (String line : Files.readAllLines(directory.resolve("metrics.jsonl"))) {
        steps.add(JSON.readTree(line));
      }
      return steps;
    }

    /** What the last line says of the health of each layer. */
    List<JsonNode> health() throws IOException {
      List<JsonNode> steps = steps();
      List<JsonNode> layers = new ArrayList<>();
      steps.get(steps.size() - 1).path("health").forEach(layers::add);
      return layers;
    }
  }

  /** Trains into a new directory within this one. */
  Run train(Path within) throws IOException {
    Path out = Files.createTempDirectory(within, "train").resolve("run");
    List<String> args = new ArrayList<>(List.of("train"));
    args.add(Path.of(System.getProperty("lockstep.home"), "conf", name).toString());
    args.addAll(words);
    args.addAll(List.of("--out", out.toString()));
    PrintStream stderr = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    CommandLine command = Lockstep.commandLine();
    command.setOut(new PrintWriter(new StringWriter()));
    command.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    int exit;
    try {
      exit = command.execute(args.toArray(String[]::new));
    } finally {
      System.setErr(stderr);
    }
    String said = err.toString(StandardCharsets.UTF_8);
    assertThat(exit).as(said).isZero();
    return new Run(out, said);
  }
}
