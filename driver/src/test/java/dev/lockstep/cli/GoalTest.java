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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A run ends at its goal or with its budget, at the same step and with the same bits anywhere. */
class GoalTest {
  private static final List<String> SETTINGS =
      List.of(
          "validation.fraction=0.2",
          "validation.every=3",
          "stop.goal=validation_accuracy >= 0.4",
          "average.decay=0.3",
          "schedule.name=cosine",
          "checkpoint.every=2",
          "epochs=10");

  @TempDir Path temporary;

  private Cli.Result train(String name, String... more) {
    List<String> args = new ArrayList<>();
    Stream.concat(SETTINGS.stream(), Stream.of(more))
        .forEach(setting -> args.addAll(List.of("--set", setting)));
    args.addAll(List.of("--master", "local[3]"));
    Cli.Result result = Cli.train(temporary.resolve(name), args.toArray(String[]::new));
    assertThat(result.exit()).as(result.err()).isZero();
    return result;
  }

  private static double accuracy(String line) throws IOException {
    return new ObjectMapper().readTree(line).path("validation").path("accuracy").asDouble();
  }

  private static void assertSame(JsonNode actual, JsonNode expected) {
    for (String key : List.of("model_sha256", "steps", "ended_by", "goal_reached", "test_loss")) {
      assertThat(actual.path(key)).as(key).isEqualTo(expected.path(key));
    }
  }

  @Test
  void endsAtTheFirstValidationThatReachesItWithTheModelOfThatStep() throws IOException {
    JsonNode summary = train("goal", "engine=local").json();
    assertThat(summary.path("ended_by").asText()).isEqualTo("goal");
    assertThat(summary.path("goal_reached").asBoolean()).isTrue();
    int steps = summary.path("steps").asInt();
    assertThat(steps % 3).isZero();
    assertThat(steps).isBetween(6, 77);
    List<String> lines = Cli.metrics(temporary.resolve("goal"));
    assertThat(lines).hasSize(steps);
    assertThat(accuracy(lines.get(steps - 1))).isGreaterThanOrEqualTo(0.4);
    for (int step = 3; step < steps; step += 3) {
      assertThat(accuracy(lines.get(step - 1))).as("step %s", step).isLessThan(0.4);
    }
    JsonNode cut = train("cut", "engine=local", "stop.goal=none", "budget.steps=" + steps).json();
    assertThat(cut.path("model_sha256")).isEqualTo(summary.path("model_sha256"));
    assertThat(cut.path("ended_by").asText()).isEqualTo("budget");
    assertThat(cut.has("goal_reached")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"tree,2", "allreduce,1", "allreduce,2", "allreduce,3"})
  void everyEngineSeesItAtTheSameStep(String engine, int ranks) throws IOException {
    JsonNode local = train("local", "engine=local").json();
    JsonNode other = train("other", "engine=" + engine, "ranks=" + ranks).json();
    assertSame(other, local);
    assertThat(Cli.metrics(temporary.resolve("other")))
        .isEqualTo(Cli.metrics(temporary.resolve("local")));
  }

  /** Killed before the goal, and right after the checkpoint of the step that reached it. */
  @Test
  void goesOnToTheSameGoalAndNotBeyondIt() throws IOException {
    JsonNode summary = train("run", "engine=local").json();
    Path run = temporary.resolve("run");
    List<String> metrics = Cli.metrics(run);
    for (boolean keepsLast : new boolean[] {true, false}) {
      Cli.markRunning(run);
      List<Path> checkpoints = Cli.checkpoints(run);
      String last = "step-%09d".formatted(summary.path("steps").asInt());
      for (Path file : checkpoints) {
        if (!keepsLast && file.getFileName().toString().startsWith(last)) {
          Files.delete(file);
        }
      }
      Cli.Result result = Cli.run("resume", run.toString(), "--set", "engine=local");
      assertThat(result.exit()).as(result.err()).isZero();
      assertSame(result.json(), summary);
      assertThat(Cli.metrics(run)).isEqualTo(metrics);
    }
  }

  @Test
  void whatWasNotReachedIsSaid() {
    JsonNode summary = train("run", "engine=local", "stop.goal=validation_loss <= 0").json();
    assertThat(summary.path("ended_by").asText()).isEqualTo("steps");
    assertThat(summary.path("goal_reached").isBoolean()).isTrue();
    assertThat(summary.path("goal_reached").asBoolean()).isFalse();
    assertThat(summary.path("steps").asInt()).isEqualTo(80);
  }

  /** The goal of training is looked at where an epoch of 8 steps ends. */
  @Test
  void aGoalOfTrainingNeedsNothingHeldOut() {
    JsonNode summary =
        train("run", "engine=local", "stop.goal=train_loss <= 2", "validation.fraction=0").json();
    assertThat(summary.path("ended_by").asText()).isEqualTo("goal");
    assertThat(summary.path("steps").asInt() % 10).isZero();
    assertThat(summary.path("steps").asInt()).isBetween(10, 90);
  }

  /** Its seconds are over at the end of the first round; it goes on as if it never had stopped. */
  @Test
  void aBudgetCutsARunOffAndALargerOneGoesOn() throws IOException {
    JsonNode whole = train("whole", "engine=local", "stop.goal=none").json();
    JsonNode cut =
        train("run", "engine=local", "stop.goal=none", "budget.seconds=0.000001", "round.steps=5")
            .json();
    assertThat(cut.path("ended_by").asText()).isEqualTo("budget");
    int steps = cut.path("steps").asInt();
    assertThat(steps).isLessThan(6);
    JsonNode again =
        train("again", "engine=local", "stop.goal=none", "budget.steps=" + steps).json();
    assertThat(again.path("model_sha256")).isEqualTo(cut.path("model_sha256"));
    JsonNode end = train("run", "engine=local", "stop.goal=none").json();
    assertThat(end.path("ended_by").asText()).isEqualTo("steps");
    assertThat(end.path("model_sha256")).isEqualTo(whole.path("model_sha256"));
    assertThat(Cli.metrics(temporary.resolve("run")))
        .isEqualTo(Cli.metrics(temporary.resolve("whole")));
    Cli.Result twice =
        Cli.trainLocally(temporary.resolve("run"), "--set", "validation.fraction=0.2");
    assertThat(twice.exit()).isEqualTo(2);
  }
}
