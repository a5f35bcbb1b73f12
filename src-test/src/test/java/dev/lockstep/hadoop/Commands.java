package dev.lockstep.hadoop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.cli.Lockstep;
import dev.lockstep.cluster.RunFiles;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Lockstep's command line within this JVM, and what it leaves on any file system. */
final class Commands {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Commands() {}

  /**
   * What a command came to.
   *
   * @param out its stdout
   * @param err its stderr
   */
  record Ended(int exit, String out, String err) {
    Ended expect(int code) {
      assertThat(exit).as(err).isEqualTo(code);
      return this;
    }

    JsonNode json() throws IOException {
      return JSON.readTree(out);
    }
  }

  static Ended run(String... words) {
    PrintStream stderr = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      StringWriter out = new StringWriter();
      CommandLine commands = Lockstep.commandLine();
      commands.setOut(new PrintWriter(out, true));
      commands.setErr(
          new PrintWriter(new OutputStreamWriter(System.err, StandardCharsets.UTF_8), true));
      int exit = commands.execute(words);
      return new Ended(exit, out.toString(), err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(stderr);
    }
  }

  /** {@code train} with two ranks and a small network: steps of 125 examples, 3 epochs. */
  static Ended train(String data, String out, String... more) {
    List<String> words = new ArrayList<>(List.of("train", "--data", data, "--out", out));
    words.addAll(List.of("--master", "local[2]", "--set", "ranks=2"));
    words.addAll(List.of("--set", "layers=[dense 32 relu, dense 10]"));
    words.addAll(List.of("--set", "batch-size=125", "--set", "epochs=3"));
    return run(Stream.concat(words.stream(), Stream.of(more)).toArray(String[]::new));
  }

  /** What a run on any file system determined. */
  static RunFiles outcome(String run) throws IOException {
    return RunFiles.of(Storage.at(new Location(run)));
  }

  static JsonNode summary(String run) throws IOException {
    return JSON.readTree(Storage.at(new Location(run)).read("summary.json"));
  }
}
