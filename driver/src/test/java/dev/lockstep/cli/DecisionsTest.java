package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A run that validates, lowers its rate, averages, stops early and goes back to its best parameters
 * does all of that the same way on any engine and ranks, and after a stop.
 */
class DecisionsTest {
  /**
   * A validation each 4 steps of the 20, of which none after the first can be better by so much:
   * the rate is halved at each, and the third of them ends the run at step 16.
   */
  private static final List<String> SETTINGS =
      set(
          "layers=[noise 0.05, dense 20 relu dropout 0.2, dense 10]",
          "data.normalize=standardize",
          "validation.fraction=0.1",
          "validation.every=4",
          "plateau.factor=0.5",
          "plateau.patience=0",
          "plateau.min-delta=100",
          "stop.patience=3",
          "stop.min-delta=100",
          "average.decay=0.5",
          "clip.by=global-norm",
          "clip.bound=0.5",
          "regularization.max-norm=2",
          "regularization.l2=0.001",
          "batch-size=32",
          "steps=20",
          "checkpoint.every=5");

  @TempDir Path temporary;
  private Path run;
  private JsonNode summary;
  private List<String> metrics;

  private static List<String> set(String... settings) {
    return Stream.of(settings).flatMap(each -> Stream.of("--set", each)).toList();
  }

  private static Cli.Result train(Path out, String... more) {
    List<String> args = new ArrayList<>(SETTINGS);
    args.addAll(set(more));
    args.addAll(List.of("--master", "local[8]"));
    return Cli.train(out, args.toArray(String[]::new));
  }

  @BeforeEach
  void trainUndisturbed() throws IOException {
    run = temporary.resolve("run");
    Cli.Result result = train(run, "engine=local");
    assertThat(result.exit()).as(result.err()).isZero();
    summary = result.json();
    metrics = Cli.metrics(run);
  }

  private List<JsonNode> lines() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : metrics) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }

  @Test
  void stopsWhenNothingGetsBetterAndSaysWhatItSaw() throws IOException {
    assertThat(summary.path("steps").asInt()).isEqualTo(16);
    assertThat(lines()).hasSize(16);
    for (JsonNode line : lines()) {
      int step = line.path("step").asInt();
      boolean isValidated = step % 4 == 0;
      assertThat(line.has("validation")).as("step %s", step).isEqualTo(isValidated);
      double rate = step <= 8 ? 0.05 : step <= 12 ? 0.025 : 0.0125;
      assertThat(line.path("learning_rate").asDouble()).as("step %s", step).isEqualTo(rate);
    }
  }

  /** Best were the parameters of the first validation, at step 4. */
  @Test
  void theModelIsMadeOfTheBestParameters() throws IOException {
    Path four = temporary.resolve("four");
    Cli.Result result = train(four, "engine=local", "steps=4");
    assertThat(result.json().path("model_sha256")).isEqualTo(summary.path("model_sha256"));
    Path last = temporary.resolve("last");
    Cli.Result without = train(last, "engine=local", "stop.restore-best=false");
    assertThat(without.json().path("model_sha256")).isNotEqualTo(summary.path("model_sha256"));
    assertThat(Cli.metrics(last)).isEqualTo(metrics);
  }

  @ParameterizedTest
  @CsvSource({"tree,2", "allreduce,1", "allreduce,2", "allreduce,3", "allreduce,4"})
  void everyEngineDecidesTheSame(String engine, int ranks) throws IOException {
    Path other = temporary.resolve("other");
    Cli.Result result = train(other, "engine=" + engine, "ranks=" + ranks, "shards=4");
    assertThat(result.exit()).as(result.err()).isZero();
    Path local = temporary.resolve("local");
    Cli.Result expected = train(local, "engine=local", "shards=4");
    assertThat(result.json().path("model_sha256")).isEqualTo(expected.json().path("model_sha256"));
    assertThat(Cli.metrics(other)).isEqualTo(Cli.metrics(local));
  }

  /** Killed between two validations, after the first checkpoint and before the last. */
  @ParameterizedTest
  @CsvSource({"local", "allreduce"})
  void goesOnToTheSameDecisions(String engine) throws IOException {
    Cli.makeUnfinished(run);
    for (Path file : Cli.checkpoints(run)) {
      if (file.getFileName().toString().startsWith("step-000000016")) {
        Files.delete(file);
      }
    }
    Cli.Result result =
        Cli.run("resume", run.toString(), "--master", "local[2]", "--set", "engine=" + engine);
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.err()).contains("goes on from step 15");
    assertThat(result.json().path("model_sha256")).isEqualTo(summary.path("model_sha256"));
    assertThat(Cli.metrics(run)).isEqualTo(metrics);
  }

  @Test
  void healthIsToldAtTheEndOfEpochsAlone() throws IOException {
    Path healthy = temporary.resolve("healthy");
    Cli.Result result = train(healthy, "engine=local", "stop.patience=0", "steps=40");
    assertThat(result.exit()).as(result.err()).isZero();
    metrics = Cli.metrics(healthy);
    int told = 0;
    for (JsonNode line : lines()) {
      JsonNode next =
          line.path("step").asInt() < 40 ? lines().get(line.path("step").asInt()) : null;
      boolean isEpochEnd = next != null && !next.path("epoch").equals(line.path("epoch"));
      if (next != null) {
        assertThat(line.has("health")).isEqualTo(isEpochEnd);
      }
      if (isEpochEnd) {
        told++;
        JsonNode first = line.path("health").get(0);
        assertThat(first.path("layer").asInt()).isEqualTo(2);
        assertThat(first.path("kind").asText()).isEqualTo("dense 784x20");
        assertThat(first.path("weight_norm").asDouble()).isPositive();
        assertThat(first.path("gradient_norm").asDouble()).isPositive();
        assertThat(first.path("update_ratio").asDouble()).isBetween(1e-5, 1.0);
        assertThat(line.path("health").get(1).path("dead").asDouble()).isBetween(0.0, 1.0);
      }
    }
    assertThat(told).isPositive();
  }

  @Test
  void evaluationNormalisesInputsLikeTraining() throws IOException {
    Cli.Result result = Cli.run("eval", run.toString(), "--master", "local[2]");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.json().path("accuracy")).isEqualTo(summary.path("test_accuracy"));
    assertThat(result.json().path("loss").asDouble())
        .isCloseTo(
            summary.path("test_loss").asDouble(), org.assertj.core.api.Assertions.within(1e-9));
  }
}
