package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The test set at the end of each epoch: figures to look at, of which nothing follows. */
class TestEveryEpochTest {
  @TempDir Path temporary;

  private Path train(String name, String... more) {
    Path run = temporary.resolve(name);
    List<String> args =
        new ArrayList<>(
            List.of(
                "train",
                "--out=" + run,
                "--set=data.uri=\"synthetic:digits?n=600&seed=1\"",
                "--set=layers=[dense 16 relu, dense 10]",
                "--set=batch-size=100",
                "--set=epochs=3"));
    args.addAll(List.of(more));
    Cli.Result result = Cli.run(args.toArray(String[]::new));
    assertThat(result.exit()).as(result.err()).isZero();
    return run;
  }

  private static List<JsonNode> lines(Path run) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Cli.metrics(run)) {
      lines.add(new ObjectMapper().readTree(line));
    }
    return lines;
  }

  @ParameterizedTest
  @CsvSource({"local, local[1]", "tree, local[2]", "allreduce, local[2]"})
  void standsInTheMetricsAndChangesNoBit(String engine, String master) throws IOException {
    Path never = train("never", "--set=engine=local");
    Path each =
        train("each", "--set=engine=" + engine, "--master=" + master, "--set=test.every=epoch");
    List<JsonNode> lines = lines(each);
    assertThat(lines).hasSize(18);
    for (JsonNode line : lines) {
      assertThat(line.has("test")).isEqualTo(line.path("step").asInt() % 6 == 0);
    }
    JsonNode summary = Cli.summary(each);
    JsonNode last = lines.get(17).path("test");
    assertThat(last.path("loss")).isEqualTo(summary.path("test_loss"));
    assertThat(last.path("accuracy")).isEqualTo(summary.path("test_accuracy"));
    assertThat(lines.get(5).path("test")).isNotEqualTo(last);
    assertThat(summary.path("model_sha256")).isEqualTo(Cli.summary(never).path("model_sha256"));
    assertThat(lines(never)).noneMatch(line -> line.has("test"));
  }

  @Test
  void isNeverOrEachEpoch() {
    Cli.Result result =
        Cli.run("train", "--out=" + temporary.resolve("run"), "--set=test.every=10");
    assertThat(result.exit()).isEqualTo(2);
    assertThat(result.err()).contains("test.every = 10", "never, epoch");
  }
}
