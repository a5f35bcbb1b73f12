package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Runs Lockstep as a user does, in this JVM or in one of its own. */
public final class Cli {
  /** A run of a second: 600 examples, 10 steps an epoch, 4 shards. */
  static final List<String> TINY =
      List.of(
          "--set",
          "data.uri=synthetic:digits?n=600&seed=1",
          "--set",
          "layers=[dense 16 relu, dense 10]",
          "--set",
          "batch-size=64",
          "--set",
          "epochs=2");

  private static final ObjectMapper JSON = new ObjectMapper();

  private Cli() {}

  /**
   * What a command left behind.
   *
   * @param out its stdout
   * @param err its stderr
   */
  public record Result(int exit, String out, String err) {
    JsonNode json() {
      try {
        return JSON.readTree(out);
      } catch (IOException e) {
        throw new AssertionError("stdout is not JSON: " + out, e);
      }
    }

    /** The lines that say why it failed. */
    List<String> errors() {
      return err.lines()
          .filter(line -> line.startsWith("lockstep: "))
          .map(line -> line.substring("lockstep: ".length()))
          .toList();
    }
  }

  /** Executes a command in this JVM. */
  public static Result run(String... args) {
    PrintStream stdout = System.out;
    PrintStream stderr = System.err;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      StringWriter written = new StringWriter();
      CommandLine commands = Lockstep.commandLine();
      commands.setOut(new PrintWriter(written, true));
      commands.setErr(
          new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true));
      int exit = commands.execute(args);
      return new Result(
          exit,
          out.toString(StandardCharsets.UTF_8) + written,
          err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(stdout);
      System.setErr(stderr);
    }
  }

  /** {@code train} with the settings of {@link #TINY} and others. */
  static Result train(Path out, String... more) {
    return run(trainArgs(out, more));
  }

  /** {@link #train} in this thread, without Spark. */
  static Result trainLocally(Path out, String... more) {
    return train(out, with(List.of(more), "--set", "engine=local"));
  }

  static String[] trainArgs(Path out, String... more) {
    List<String> args = new ArrayList<>(List.of("train"));
    args.addAll(TINY);
    args.addAll(List.of("--out", out.toString()));
    return with(args, more);
  }

  private static String[] with(List<String> first, String... then) {
    return Stream.concat(first.stream(), Stream.of(then)).toArray(String[]::new);
  }

  /** The command in a JVM of its own, in a directory where it may leave its two outputs. */
  static Process start(Path directory, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    // A shell that was started in the background ignores SIGINT, and so would its children.
    command.addAll(List.of("env", "--default-signal=INT,TERM"));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(arg -> !arg.startsWith("-agentlib") && !arg.startsWith("-javaagent"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"));
    command.add(
        "-Dlog4j2.configurationFile="
            + Path.of(System.getProperty("lockstep.home"), "conf", "log4j2.properties"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(Lockstep.class.getName());
    command.addAll(List.of(args));
    return new ProcessBuilder(command)
        .redirectOutput(directory.resolve("stdout").toFile())
        .redirectError(directory.resolve("stderr").toFile())
        .start();
  }

  /** What a process that has ended left behind. */
  static Result result(Process process, Path directory) throws IOException {
    return new Result(
        process.exitValue(),
        Files.readString(directory.resolve("stdout")),
        Files.readString(directory.resolve("stderr")));
  }

  public static JsonNode summary(Path run) throws IOException {
    return JSON.readTree(Files.readAllBytes(run.resolve("summary.json")));
  }

  /** The lines of {@code metrics.jsonl} without what a run does not determine. */
  static List<String> metrics(Path run) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      ObjectNode json = (ObjectNode) JSON.readTree(line);
      json.remove("timing");
      lines.add(json.toString());
    }
    return lines;
  }

  /** Takes a finished run back to where kill -9 would have left it, after its last checkpoint. */
  static void makeUnfinished(Path run) throws IOException {
    markRunning(run);
    Files.delete(run.resolve("model/model.json"));
    Files.delete(run.resolve("model/model.safetensors"));
    for (Path file : checkpoints(run)) {
      if (file.getFileName().toString().startsWith("step-000000020")) {
        Files.delete(file);
      }
    }
  }

  /** Takes the summary of a run back to where it was during training. */
  static void markRunning(Path run) throws IOException {
    ObjectNode running = JSON.createObjectNode();
    running.put("status", "running");
    running.set("data_fingerprint", summary(run).path("data_fingerprint"));
    Files.write(run.resolve("summary.json"), JSON.writeValueAsBytes(running));
  }

  /** The one file of checkpoints whose name begins so. */
  static Path checkpoint(Path run, String prefix) throws IOException {
    List<Path> found =
        checkpoints(run).stream()
            .filter(file -> file.getFileName().toString().startsWith(prefix))
            .toList();
    assertThat(found).as(prefix).hasSize(1);
    return found.get(0);
  }

  /** The files of checkpoints, sorted by name. */
  static List<Path> checkpoints(Path run) throws IOException {
    try (Stream<Path> files = Files.list(run.resolve("checkpoints"))) {
      return files.sorted().toList();
    }
  }
}
