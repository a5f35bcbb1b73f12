package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may already be at {@code --out}, and what may not. */
class OutDirectoryTest {
  @TempDir Path temporary;

  private static String refuse(Cli.Result result) {
    assertThat(result.exit()).as(result.err()).isEqualTo(ExitCode.USAGE);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).doesNotContain("\tat ");
    assertThat(result.errors()).hasSize(1);
    return result.errors().get(0);
  }

  @Test
  void aFinishedRunIsNeverOverwritten() throws IOException {
    Path run = temporary.resolve("run");
    Cli.Result first = Cli.trainLocally(run);
    assertThat(first.exit()).isZero();
    String summary = Files.readString(run.resolve("summary.json"));
    assertThat(refuse(Cli.trainLocally(run))).contains("finished run", "choose another --out");
    assertThat(refuse(Cli.run("resume", run.toString()))).contains("finished run");
    assertThat(run.resolve("summary.json")).hasContent(summary);
  }

  @Test
  void aForeignDirectoryIsLeftAlone() throws IOException {
    Path precious = Files.writeString(temporary.resolve("precious.txt"), "mine");
    assertThat(refuse(Cli.trainLocally(temporary))).contains("is no run of Lockstep");
    assertThat(precious).hasContent("mine");
    assertThat(temporary.toFile().list()).containsExactly("precious.txt");
  }

  @Test
  void anEmptyDirectoryIsTaken() {
    assertThat(Cli.trainLocally(temporary).exit()).isZero();
  }

  @Test
  void aFile() throws IOException {
    Path file = Files.writeString(temporary.resolve("file"), "mine");
    assertThat(refuse(Cli.trainLocally(file))).contains("is a file");
    assertThat(refuse(Cli.trainLocally(file.resolve("below"))))
        .contains("cannot be a run directory", "Not a directory", "choose another");
    assertThat(file).hasContent("mine");
  }

  @Test
  void aPlaceWhereNobodyCanWrite() {
    assertThat(refuse(Cli.trainLocally(Path.of("/proc/lockstep-run"))))
        .contains("--out /proc/lockstep-run cannot be a run directory", "choose another");
  }

  @Test
  void anUnfinishedRunOfAnotherConfiguration() throws IOException {
    Path run = temporary.resolve("run");
    assertThat(Cli.trainLocally(run).exit()).isZero();
    Cli.makeUnfinished(run);
    assertThat(refuse(Cli.trainLocally(run, "--set", "seed=2")))
        .contains("another configuration (seed = 1 there, 2 now)");
    assertThat(refuse(Cli.run("resume", run.toString(), "--set", "epochs=3")))
        .contains("another configuration (epochs = 2 there, 3 now)");
  }

  @Test
  void anUnfinishedRunOverOtherData() throws IOException {
    Path run = temporary.resolve("run");
    assertThat(Cli.trainLocally(run).exit()).isZero();
    Cli.makeUnfinished(run);
    assertThat(refuse(Cli.trainLocally(run, "--data", "synthetic:digits?n=600&seed=2")))
        .contains("over other data", "seed=1 there", "seed=2 now");
  }

  @Test
  void aSummaryThatIsNoJson() throws IOException {
    Path run = temporary.resolve("run");
    assertThat(Cli.trainLocally(run).exit()).isZero();
    Files.writeString(run.resolve("summary.json"), "{\"exit\": 0,");
    Cli.Result result = Cli.trainLocally(run);
    assertThat(result.exit()).isEqualTo(ExitCode.DATA);
    assertThat(result.errors()).singleElement().asString().contains("summary.json is not JSON");
  }

  @Test
  void nothingToResume() {
    assertThat(refuse(Cli.run("resume", temporary.resolve("no").toString())))
        .contains("holds no run to resume");
    assertThat(refuse(Cli.run("eval", temporary.resolve("no").toString())))
        .contains("holds no run to evaluate");
    assertThat(refuse(Cli.run("status", temporary.resolve("no").toString())))
        .contains("holds no run");
  }
}
