package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.train.ExitCode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What `plan` says. */
class PlanTest {
  private static final String DATA = "synthetic:digits?n=2000&seed=1";

  @Test
  void saysWhatARunTakesOnEverySizeOfCluster() {
    Cli.Result result =
        Cli.run("plan", "--data", DATA, "--set", "shards=4", "--slots", "4", "--gigabits", "25");
    assertThat(result.exit()).as(result.err()).isZero();
    List<String> sizes =
        result.out().lines().filter(line -> line.matches("\\|\\s+\\d+ \\|.*")).toList();
    assertThat(sizes).hasSize(3);
    assertThat(sizes.get(0)).contains("|         1 |     1 |");
    assertThat(sizes.get(2)).contains("|         4 |     4 |");
    assertThat(result.out())
        .contains(
            "Executors of 1 rank each, 25 Gbit/s between them",
            "| an executor, of 4 | gradients ",
            "| the driver ",
            "fits     ranks, each in a slot: 4 of at most 4",
            "fits     bytes of an executor's heap: ",
            "--executor-memory ");
    assertThat(result.out()).doesNotContain("TOO MUCH");
  }

  /** Times of which this says nothing, but that they are there and not nonsense. */
  @Test
  void measuresWhatItsTimesRestOn() {
    Cli.Result result = Cli.run("plan", "--data", DATA, "--set", "shards=2");
    Matcher constants =
        Pattern.compile(
                "whole batch takes ([0-9.]+) ms .* a frame takes ([0-9.]+) ms, and a MB ([0-9.]+) ms")
            .matcher(result.out());
    assertThat(constants.find()).as(result.out()).isTrue();
    assertThat(Double.parseDouble(constants.group(1))).isPositive();
    assertThat(Double.parseDouble(constants.group(2))).isPositive();
    assertThat(Double.parseDouble(constants.group(3))).isPositive();
  }

  @Test
  void namesWhatIsTooMuch() {
    Cli.Result result =
        Cli.run("plan", "--data", DATA, "--set", "shards=8", "--set", "ranks=8", "--slots", "4");
    assertThat(result.out())
        .contains(
            "TOO MUCH ranks, each in a slot: 8 of at most 4; give more slots, or use fewer ranks");
  }

  @Test
  void refusesWhatNoClusterIs() {
    assertRefused("want 1 to 65536 slots", "--slots", "0");
    assertRefused("at most as many ranks in an executor", "--slots", "2", "--ranks-of-executor=4");
    assertRefused(
        "--ranks-of-executor 8: want no more than the 4 shards",
        "--set=shards=4",
        "--slots=8",
        "--ranks-of-executor=8");
  }

  private static void assertRefused(String message, String... words) {
    String[] args = new String[words.length + 3];
    args[0] = "plan";
    args[1] = "--data";
    args[2] = DATA;
    System.arraycopy(words, 0, args, 3, words.length);
    Cli.Result result = Cli.run(args);
    assertThat(result.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(result.errors()).singleElement().asString().contains(message);
  }
}
