package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs side by side, and runs again. */
class CompareTest {
  @TempDir Path temporary;

  private Path train(String name, String... settings) {
    List<String> args = new ArrayList<>();
    for (String each : List.of("layers=[dense 10]", "batch-size=64", "steps=6", "engine=local")) {
      args.addAll(List.of("--set", each));
    }
    for (String each : settings) {
      args.addAll(List.of("--set", each));
    }
    Path out = temporary.resolve(name);
    Cli.Result result = Cli.train(out, args.toArray(String[]::new));
    assertThat(result.exit()).as(result.err()).isIn(0, 4);
    return out;
  }

  @Test
  void sameBitsAreSaidToBe() {
    Path a = train("a");
    Path b = train("b", "kernel=scalar", "accumulate=2");
    Cli.Result result = Cli.run("compare", a.toString(), b.toString());
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("configuration: the same in all that has an effect")
        .contains("without effect on the result")
        .containsPattern("accumulate +1 +2")
        .contains("data: the same")
        .contains("identical, bit for bit: 6 steps and the model");
  }

  @Test
  void saysWhereLossesPart() {
    Path a = train("a");
    Path rate = train("rate", "optimizer.learning-rate=0.06");
    Path shorter = train("shorter", "steps=4");
    Path seed = train("seed", "seed=2");
    Cli.Result result =
        Cli.run("compare", a.toString(), rate.toString(), shorter.toString(), seed.toString());
    assertThat(result.out())
        .containsPattern("optimizer.learning-rate +0.05 +0.06 +0.05 +0.05")
        .containsPattern(
            "rate against .*: different from the first step on; at step 1"
                + " learning_rate is 0.05 .* and 0.06 .* here; at step 2 loss is")
        .containsPattern("shorter .*: identical for the 4 steps that both have; 6 there, 4 here")
        .containsPattern("seed .* at step 1 loss is [0-9.]+ \\(0x40[0-9a-f]{14}\\) there and");
  }

  @Test
  void curvesLieOverEachOtherInAFile() throws IOException {
    Path a = train("a", "validation.fraction=0.1", "validation.every=2");
    Path b = train("b", "validation.fraction=0.1", "validation.every=2", "seed=2");
    Path page = temporary.resolve("compare.html");
    Cli.Result result = Cli.run("compare", a.toString(), b.toString(), "--report", page.toString());
    assertThat(result.out()).contains(page.toString());
    assertThat(Files.readString(page))
        .contains("Training loss", "Validation accuracy", "Learning rate", "at step 1 loss is");
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "tree"})
  void aRunIsReproduced(String engine) throws IOException {
    Path a = train("a", "validation.fraction=0.1", "noise-scale.every=2");
    Cli.Result result = Cli.run("reproduce", a.toString(), "--set", "engine=" + engine);
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.out()).contains("identical, bit for bit: 6 steps and the model");
    assertThat(temporary.resolve("a-reproduced/summary.json")).exists();
  }

  @Test
  void aRunThatDivergedDivergesAgain() throws IOException {
    Path a = train("a", "optimizer.learning-rate=1e20");
    assertThat(temporary.resolve("a/model")).doesNotExist();
    Cli.Result result = Cli.run("reproduce", a.toString());
    assertThat(result.out()).contains("identical, bit for bit");
    assertThat(result.exit()).isZero();
  }

  /** A record that somebody has changed is not what training gives. */
  @Test
  void otherBitsEndWithOne() throws IOException {
    Path a = train("a");
    Path summary = a.resolve("summary.json");
    Files.writeString(
        summary, Files.readString(summary).replaceAll("(model_sha256\" : \").", "$1x"));
    Cli.Result result = Cli.run("reproduce", a.toString());
    assertThat(result.exit()).isEqualTo(1);
    assertThat(result.out()).contains("identical for all 6 steps, but the models differ");
  }

  @Test
  void aLineLeadsFromOneSolutionToTheOther() {
    Path a = train("a");
    Path b = train("b", "seed=2");
    Cli.Result result =
        Cli.run(
            "interpolate",
            a.toString(),
            b.toString(),
            "--points",
            "7",
            "--master",
            "local[2]",
            "--report",
            temporary.resolve("line.html").toString());
    assertThat(result.exit()).as(result.err()).isZero();
    JsonNode line = result.json().path("line");
    assertThat(line).hasSize(7);
    assertThat(line.get(2).path("at").asDouble()).isZero();
    assertThat(line.get(4).path("at").asDouble()).isEqualTo(1);
    for (String figure : List.of("train_loss", "test_loss", "train_accuracy", "test_accuracy")) {
      assertThat(line.get(2).path(figure)).as(figure).isEqualTo(summary(a).path(figure));
    }
    assertThat(line.get(4).path("test_loss")).isEqualTo(summary(b).path("test_loss"));
    assertThat(line.get(3).path("train_loss").asDouble()).isPositive();
    assertThat(temporary.resolve("line.html")).content().contains("Along the line", "Distance");
    Path other = train("other", "layers=[dense 3, dense 10]");
    assertRefused("want two models of one network", "interpolate", a.toString(), other.toString());
  }

  private static JsonNode summary(Path run) {
    try {
      return new ObjectMapper().readTree(run.resolve("summary.json").toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void mistakesAreNamed() {
    Path a = train("a");
    assertRefused("holds no run", "compare", a.toString(), temporary.resolve("no").toString());
    assertRefused("want at least two runs", "compare", a.toString());
    assertRefused("this changes the result", "reproduce", a.toString(), "--set", "seed=9");
    assertRefused(
        "holds other data than the run was trained on",
        "reproduce",
        a.toString(),
        "--data",
        "synthetic:digits?n=500&seed=9");
  }

  private static void assertRefused(String message, String... args) {
    Cli.Result result = Cli.run(args);
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains(message);
  }
}
