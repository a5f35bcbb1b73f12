package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sweep from its specification to its files, as a user runs it. */
class SweepTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Four trials to tune, of which two diverge, and two repetitions, of which one is known. */
  private static final String SPEC =
      """
      set {
        data.uri = "synthetic:digits?n=600&seed=1"
        layers = [dense 16 relu, dense 10]
        validation { fraction = 0.2, every = 2 }
      }
      for-each { batch-size = [32] }
      tune {
        optimizer.learning-rate = [0.2, 1e20]
        init.scheme = [he-normal, xavier-normal]
      }
      repeat { seed = [1, 2] }
      goal = "validation_accuracy >= 0.5"
      budget { epochs = 8 }
      figures = [ { kind = steps-to-goal, x = batch-size } ]
      """;

  @TempDir Path temporary;
  private Path spec;

  @BeforeEach
  void writeSpec() throws IOException {
    spec = Files.writeString(temporary.resolve("spec.conf"), SPEC);
  }

  private Cli.Result sweep(Path out, String... more) {
    List<String> args = new ArrayList<>(List.of("sweep", spec.toString(), "--out", out.toString()));
    args.addAll(List.of(more));
    return Cli.run(args.toArray(String[]::new));
  }

  /** The lines without what trials do not determine. */
  private static List<String> lines(Path out) throws IOException {
    List<String> lines = new ArrayList<>();
    for (String line : Files.readAllLines(out.resolve("trials.jsonl"))) {
      ObjectNode json = (ObjectNode) JSON.readTree(line);
      json.remove(List.of("seconds", "samples_per_second", "compute_ms", "exchange_ms", "wait_ms"));
      lines.add(json.toString());
    }
    return lines;
  }

  private static List<JsonNode> trials(Path out) throws IOException {
    List<JsonNode> trials = new ArrayList<>();
    for (String line : Files.readAllLines(out.resolve("trials.jsonl"))) {
      trials.add(JSON.readTree(line));
    }
    return trials;
  }

  /** When the summary of each trial was written: a trial that is run again writes another. */
  private static Map<String, FileTime> written(Path out) throws IOException {
    Map<String, FileTime> times = new TreeMap<>();
    try (Stream<Path> trials = Files.list(out.resolve("trials"))) {
      for (Path trial : trials.toList()) {
        times.put(
            trial.getFileName().toString(),
            Files.getLastModifiedTime(trial.resolve("summary.json")));
      }
    }
    return times;
  }

  @Test
  void triesEverythingAndSaysWhatCameOfIt() throws IOException {
    Path out = temporary.resolve("out");
    Cli.Result result = sweep(out, "--parallel", "1");
    assertThat(result.exit()).as(result.err()).isZero();
    List<JsonNode> trials = trials(out);
    assertThat(trials).extracting(t -> t.path("trial").asInt()).containsExactly(0, 1, 2, 3, 4, 5);
    assertThat(trials)
        .extracting(t -> t.path("stage").asText())
        .containsExactly("tune", "tune", "tune", "tune", "repeat", "repeat");
    for (JsonNode trial : trials) {
      boolean isWild = trial.path("settings").path("optimizer.learning-rate").asDouble() > 1;
      assertThat(trial.path("status").asText()).isEqualTo(isWild ? "INFEASIBLE" : "COMPLETE");
      String text = isWild ? "diverged at step" : "goal reached";
      assertThat(trial.path("reason").asText()).contains(text);
      assertThat(trial.has("model_sha256")).isEqualTo(!isWild);
      Path run = out.resolve("trials/%04d".formatted(trial.path("trial").asInt()));
      assertThat(run.resolve("config.conf")).exists();
      assertThat(run.resolve("metrics.jsonl")).exists();
      assertThat(run.resolve("summary.json")).exists();
      assertThat(run.resolve("checkpoints")).doesNotExist();
      assertThat(run.resolve("model")).doesNotExist();
      if (!isWild) {
        int steps = trial.path("steps").asInt();
        assertThat(steps % 2).isZero();
        assertThat(trial.path("validation_accuracy").asDouble()).isGreaterThanOrEqualTo(0.5);
        assertThat(trial.path("examples").asInt()).isEqualTo(examples(steps));
        assertThat(Cli.metrics(run)).hasSize(steps);
      }
    }
    JsonNode summary = Cli.summary(out);
    assertThat(summary.path("trials").path("INFEASIBLE").asInt()).isEqualTo(2);
    JsonNode cell = summary.path("cells").get(0);
    int best = cell.path("best_trial").asInt();
    assertThat(cell.path("best"))
        .isEqualTo(
            JSON.readTree(
                "{\"optimizer.learning-rate\":0.2,\"init.scheme\":%s}"
                    .formatted(trials.get(best).path("settings").path("init.scheme"))));
    assertThat(cell.path("steps_to_goal").path("count").asInt()).isEqualTo(2);
    assertThat(cell.path("at_edge").asBoolean()).isTrue();
    assertThat(result.err()).contains("the best optimizer.learning-rate, 0.2, lies at the edge");
    assertThat(result.out()).contains("| batch-size=32 |", "2 INFEASIBLE", "trials.jsonl");
    assertThat(Files.readAllLines(out.resolve("trials.csv")))
        .hasSize(7)
        .element(0)
        .asString()
        .startsWith("trial,stage,batch-size,optimizer.learning-rate,init.scheme,seed,status");
  }

  /** Epochs of 480 examples in batches of 32. */
  private static int examples(int steps) {
    return 32 * steps;
  }

  /** The best trial had seed 1 already. */
  @Test
  void aRepetitionThatIsKnownIsNotRun() throws IOException {
    Path out = temporary.resolve("out");
    assertThat(sweep(out).exit()).isZero();
    List<JsonNode> trials = trials(out);
    int best = Cli.summary(out).path("cells").get(0).path("best_trial").asInt();
    for (String key : List.of("model_sha256", "steps", "seconds", "test_accuracy")) {
      assertThat(trials.get(4).path(key)).isEqualTo(trials.get(best).path(key));
    }
    assertThat(trials.get(5).path("model_sha256"))
        .isNotEqualTo(trials.get(best).path("model_sha256"));
    assertThat(Cli.metrics(out.resolve("trials/0004")))
        .isEqualTo(Cli.metrics(out.resolve("trials/%04d".formatted(best))));
  }

  @Test
  void sideBySideOrNotTheLinesAreTheSame() throws IOException {
    Path one = temporary.resolve("one");
    Path two = temporary.resolve("two");
    assertThat(sweep(one, "--parallel", "1").exit()).isZero();
    assertThat(sweep(two, "--parallel", "2").exit()).isZero();
    assertThat(lines(two)).isEqualTo(lines(one));
  }

  /** As after kill -9: one trial was under way, two had not begun. */
  @Test
  void goesOnWhereItWasKilledAndRepeatsNothing() throws IOException {
    Path out = temporary.resolve("out");
    assertThat(sweep(out).exit()).isZero();
    List<String> lines = lines(out);
    Cli.markRunning(out.resolve("trials/0002"));
    Files.delete(out.resolve("trials/0002/outcome.json"));
    for (String trial : List.of("0003", "0005")) {
      try (Stream<Path> files = Files.list(out.resolve("trials").resolve(trial))) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(out.resolve("trials").resolve(trial));
    }
    Files.writeString(out.resolve("trials.jsonl"), lines.get(0) + "\n");
    Map<String, FileTime> before = written(out);
    Cli.Result result = sweep(out);
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.err()).contains("goes on");
    assertThat(lines(out)).isEqualTo(lines);
    Map<String, FileTime> after = written(out);
    for (String trial : List.of("0000", "0001", "0004")) {
      assertThat(after.get(trial)).as(trial).isEqualTo(before.get(trial));
    }
    assertThat(after.get("0002")).isNotEqualTo(before.get("0002"));
    assertThat(after).containsOnlyKeys("0000", "0001", "0002", "0003", "0004", "0005");
  }

  @Test
  void aSignalStopsItAndTheSameCommandGoesOn() throws Exception {
    Files.writeString(
        spec,
        SPEC.replace("0.5\"", "1.1\"")
            .replace("[0.2, 1e20]", "[0.2]")
            .replace("epochs = 8", "epochs = 60"));
    Path out = temporary.resolve("out");
    Process process =
        Cli.start(temporary, "sweep", spec.toString(), "--out", out.toString(), "--parallel", "2");
    Path begun = out.resolve("trials/0001/metrics.jsonl");
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!Files.exists(begun.resolveSibling("summary.json")) && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    Thread.sleep(100);
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    Cli.Result stopped = Cli.result(process, temporary);
    assertThat(stopped.exit()).as(stopped.err()).isEqualTo(130);
    assertThat(stopped.err()).contains("to go on: run the same command again");
    assertThat(Cli.summary(out).path("status").asText()).isEqualTo("interrupted");
    Cli.Result result = sweep(out);
    assertThat(result.exit()).as(result.err()).isZero();
    Path undisturbed = temporary.resolve("undisturbed");
    assertThat(sweep(undisturbed).exit()).isZero();
    assertThat(lines(out)).isEqualTo(lines(undisturbed));
  }

  @Test
  void refusesWhatItWouldSpoil() throws IOException {
    Path out = temporary.resolve("out");
    assertThat(sweep(out, "--set", "epochs=1").exit()).isZero();
    assertThat(sweep(out, "--set", "epochs=2").errors())
        .containsExactly(
            "%s holds a sweep of another specification (epochs=\"2\"); choose another --out"
                .formatted(out));
    Path other = Files.createDirectory(temporary.resolve("other"));
    Files.writeString(other.resolve("file"), "text");
    assertThat(sweep(other).errors())
        .containsExactly(
            "--out %s exists and is no sweep of Lockstep; choose a directory that is not there yet"
                .formatted(other));
    assertThat(sweep(other).exit()).isEqualTo(2);
  }

  /** A process that lives, and is not this one: the one that started it. */
  @Test
  void twoSweepsDoNotShareADirectory() throws IOException {
    Path out = temporary.resolve("out");
    assertThat(sweep(out, "--set", "epochs=1").exit()).isZero();
    ProcessHandle parent = ProcessHandle.current().parent().orElseThrow();
    ObjectNode running = JSON.createObjectNode();
    ObjectNode driver = running.put("status", "running").putObject("driver");
    driver.put("id", "another");
    driver.put("host", java.net.InetAddress.getLocalHost().getHostName());
    driver.put("pid", parent.pid());
    driver.put("began", parent.info().startInstant().map(Object::toString).orElse(""));
    Files.write(out.resolve("summary.json"), JSON.writeValueAsBytes(running));
    Cli.Result result = sweep(out, "--set", "epochs=1");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.errors())
        .singleElement()
        .asString()
        .contains("is being worked on by process " + parent.pid());
  }

  @Test
  void aRepetitionMayVaryTheDataToo() throws IOException {
    String data = "repeat { data.normalize = [unit, standardize] }";
    Files.writeString(
        spec, SPEC.replace("repeat { seed = [1, 2] }", data).replace("[0.2, 1e20]", "[0.2]"));
    Path out = temporary.resolve("out");
    Cli.Result result = sweep(out);
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(trials(out))
        .extracting(t -> t.path("settings").path("data.normalize").asText())
        .containsExactly("unit", "unit", "unit", "standardize");
  }

  @Test
  void badDataEndsTheSweepWithItsExitCode() throws IOException {
    Path empty = Files.createDirectory(temporary.resolve("empty"));
    Cli.Result result = sweep(temporary.resolve("out"), "--data", empty.toString());
    assertThat(result.exit()).isEqualTo(3);
    assertThat(temporary.resolve("out")).doesNotExist();
  }

  @Test
  void aGoalNobodyCouldSeeIsRefusedBeforeTheFirstTrial() {
    Path out = temporary.resolve("out");
    Cli.Result result = sweep(out, "--set", "validation.fraction=0");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.errors())
        .singleElement()
        .asString()
        .contains("stop.goal looks at validation_accuracy, but nothing is held out");
    assertThat(out).doesNotExist();
  }

  /** A trial that goes on from its rung comes to the bits of one that never stopped. */
  @Test
  void halvingGivesUpTheWorseHalfAndChangesNoBitOfTheBetter() throws IOException {
    String plain =
        """
        set {
          data.uri = "synthetic:digits?n=600&seed=1"
          layers = [dense 16 relu, dense 10]
          validation { fraction = 0.2 }
          schedule { name = cosine }
        }
        tune { optimizer.learning-rate = [0.001, 0.1, 0.2, 1e20] }
        budget { epochs = 4 }
        """;
    Files.writeString(spec, plain);
    Path whole = temporary.resolve("whole");
    assertThat(sweep(whole).exit()).isZero();
    Files.writeString(spec, plain + "halving { rungs = 3, keep = 0.5, first = 1 epochs }\n");
    Path halved = temporary.resolve("halved");
    Cli.Result result = sweep(halved, "--parallel", "2");
    assertThat(result.exit()).as(result.err()).isZero();
    List<JsonNode> trials = trials(halved);
    assertThat(trials.get(0).path("status").asText()).isEqualTo("OUT_OF_BUDGET");
    assertThat(trials.get(0).path("reason").asText()).isEqualTo("halved at epoch 1");
    assertThat(trials.get(3).path("status").asText()).isEqualTo("INFEASIBLE");
    List<JsonNode> second = List.of(trials.get(1), trials.get(2));
    assertThat(second)
        .extracting(t -> t.path("reason").asText())
        .containsExactlyInAnyOrder("halved at epoch 2", "all steps done");
    int winner = Cli.summary(halved).path("cells").get(0).path("best_trial").asInt();
    assertThat(lines(halved).get(winner)).isEqualTo(lines(whole).get(winner));
    Path run = halved.resolve("trials/%04d".formatted(winner));
    assertThat(Cli.metrics(run))
        .isEqualTo(Cli.metrics(whole.resolve("trials/%04d".formatted(winner))));
    List<String> lines = lines(halved);
    Files.delete(run.resolve("outcome.json"));
    assertThat(sweep(halved).exit()).isZero();
    assertThat(lines(halved)).isEqualTo(lines);
  }

  @Test
  void trialsRunSideBySideInOneSparkToo() throws IOException {
    Files.writeString(
        spec, SPEC.replace("[0.2, 1e20]", "[0.2]").replace("every = 2", "every = 15"));
    Path spark = temporary.resolve("spark");
    String[] more = {"--set", "ranks=1", "--set", "engine=allreduce", "--master", "local[2]"};
    Cli.Result result = sweep(spark, more);
    assertThat(result.exit()).as(result.err()).isZero();
    Path local = temporary.resolve("local");
    assertThat(sweep(local).exit()).isZero();
    assertThat(lines(spark)).hasSize(4).isEqualTo(lines(local));
  }

  /** They come to the same bits, so the time is what is asked for. */
  @Test
  void trialsThatDifferOnlyInRanksAreAllTimed() throws IOException {
    Files.writeString(
        spec,
        """
        set {
          data.uri = "synthetic:digits?n=600&seed=1"
          layers = [dense 16 relu, dense 10]
          epochs = 2
          engine = tree
        }
        for-each { ranks = [1, 2] }
        parallel = 1
        figures = [{ kind = scaling, x = ranks }]
        """);
    Path out = temporary.resolve("out");
    Cli.Result result = sweep(out, "--master", "local[2]");
    assertThat(result.exit()).as(result.err()).isZero();
    List<JsonNode> trials = trials(out);
    assertThat(trials).hasSize(2);
    assertThat(trials.get(1).path("model_sha256")).isEqualTo(trials.get(0).path("model_sha256"));
    assertThat(trials.get(1).path("seconds")).isNotEqualTo(trials.get(0).path("seconds"));
    for (int ranks = 1; ranks <= 2; ranks++) {
      JsonNode trial = trials.get(ranks - 1);
      assertThat(Cli.summary(out.resolve("trials/000" + (ranks - 1))).path("ranks").asInt())
          .isEqualTo(ranks);
      for (String figure : List.of("samples_per_second", "compute_ms", "exchange_ms", "wait_ms")) {
        assertThat(trial.path(figure).isNumber()).as(figure).isTrue();
      }
    }
    JsonNode points = JSON.readTree(out.resolve("figures.json").toFile()).at("/scaling/0/points");
    assertThat(points).hasSize(2);
    double speedUp =
        trials.get(1).path("samples_per_second").asDouble()
            / trials.get(0).path("samples_per_second").asDouble();
    assertThat(points.get(1).path("efficiency").asDouble()).isCloseTo(speedUp / 2, within(1e-12));
    sweep(out, "--master", "local[2]");
    assertThat(trials(out)).isEqualTo(trials);
  }

  @Test
  void linesAreWalkedBetweenTheSolutionsOfTwoCells() throws IOException {
    String wanted =
        """
        set {
          data.uri = "synthetic:digits?n=600&seed=1"
          layers = [dense 16 relu, dense 10]
          epochs = 2
        }
        for-each = [
          { label = small, batch-size = 20 }
          { label = large, batch-size = 200 }
        ]
        repeat { seed = [1, 2] }
        keep = all
        line { between = [small, large], from = 0, to = 1, points = 3 }
        figures = [{ kind = line }]
        """;
    Files.writeString(spec, wanted);
    Path out = temporary.resolve("out");
    Cli.Result result = sweep(out);
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.err()).contains("line from trial 0 to 2", "line from trial 1 to 3");
    List<JsonNode> trials = trials(out);
    List<String> lines = Files.readAllLines(out.resolve("lines.jsonl"));
    assertThat(lines).hasSize(2);
    for (int pair = 0; pair < 2; pair++) {
      JsonNode line = JSON.readTree(lines.get(pair));
      assertThat(line.path("first_sha256")).isEqualTo(trials.get(pair).path("model_sha256"));
      assertThat(line.path("second_sha256")).isEqualTo(trials.get(pair + 2).path("model_sha256"));
      assertThat(line.path("line")).hasSize(3);
      for (int end = 0; end <= 1; end++) {
        JsonNode point = line.path("line").get(2 * end);
        JsonNode trial = trials.get(pair + 2 * end);
        assertThat(point.path("at").asDouble()).isEqualTo(end);
        assertThat(point.path("test_accuracy")).isEqualTo(trial.path("test_accuracy"));
      }
    }
    assertThat(sweep(out).err()).doesNotContain("line from");
    assertThat(Files.readAllLines(out.resolve("lines.jsonl"))).isEqualTo(lines);
    Files.writeString(spec, wanted.replace("keep = all", "").replace("[small, large]", "[small]"));
    assertThat(sweep(temporary.resolve("other")).errors())
        .hasSize(2)
        .anySatisfy(line -> assertThat(line).contains("line needs the models of the trials"))
        .anySatisfy(line -> assertThat(line).contains("want the labels of two cells"));
  }
}
