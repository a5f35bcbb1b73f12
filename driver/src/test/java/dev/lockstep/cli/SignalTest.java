package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.train.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Processes that are stopped in the middle go on to the bits of one that was not. */
class SignalTest {
  private static final String[] LONG = {
    "--set", "epochs=150", "--set", "round.steps=10", "--set", "checkpoint.every=50",
  };
  private static final long DEADLINE_SECONDS = 120;
  private static final long POLL_MILLIS = 20;

  @TempDir private static Path shared;
  private static String sha256;
  private static List<String> metrics;

  @TempDir Path temporary;

  @BeforeAll
  static void trainUndisturbed() throws IOException {
    Path run = shared.resolve("undisturbed");
    Cli.Result result = Cli.trainLocally(run, LONG);
    assertThat(result.exit()).as(result.err()).isZero();
    sha256 = result.json().path("model_sha256").asText();
    metrics = Cli.metrics(run);
  }

  @ParameterizedTest
  @CsvSource({"INT,130,local", "TERM,143,local", "INT,130,allreduce", "TERM,143,allreduce"})
  void aSignalWritesACheckpointAndSaysHowToGoOn(String signal, int exit, String engine)
      throws IOException, InterruptedException {
    Path run = temporary.resolve("run");
    Process process = startInTheMiddle(run, engine);
    kill(signal, process);
    Cli.Result result = await(process);
    assertThat(result.exit()).as(result.err()).isEqualTo(exit);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).doesNotContain("\tat ", " ERROR ");
    assertThat(result.errors())
        .singleElement()
        .asString()
        .matches("stopped at step \\d+; to go on: deploy/lockstep resume " + run);
    assertThat(Cli.summary(run).path("exit").asInt()).isEqualTo(exit);
    assertThat(Cli.summary(run).path("status").asText()).isEqualTo("interrupted");
    assertThat(run.resolve(Cli.summary(run).path("kept").asText())).exists();
    assertSame(run, Cli.run("resume", run.toString(), "--set", "engine=local"));
  }

  @Test
  void trainGoesOnAfterKill9() throws IOException, InterruptedException {
    Path run = temporary.resolve("run");
    Process process = startInTheMiddle(run, "local");
    process.destroyForcibly();
    await(process);
    assertThat(Cli.summary(run).path("status").asText()).isEqualTo("running");
    assertThat(Cli.run("status", run.toString()).out())
        .contains("process %d on ".formatted(process.pid()), " has ended without a word");
    Cli.Result result = Cli.trainLocally(run, LONG);
    assertThat(result.err()).contains("goes on from step");
    assertSame(run, result);
  }

  /** A driver that was frozen, and thought to be dead, comes back after its successor is done. */
  @Test
  void aZombieLeavesWhatItsSuccessorDid() throws IOException, InterruptedException {
    Path run = temporary.resolve("run");
    Process zombie = startInTheMiddle(run, "local");
    kill("STOP", zombie);
    Cli.Result result = Cli.run("resume", run.toString(), "--set", "engine=local");
    assertSame(run, result);
    String summary = Files.readString(run.resolve("summary.json"));
    kill("CONT", zombie);
    Cli.Result ended = await(zombie);
    assertThat(ended.exit()).as(ended.err()).isEqualTo(ExitCode.CLUSTER);
    assertThat(ended.errors())
        .singleElement()
        .asString()
        .contains("was taken over by another driver, which has ended it; this driver stops");
    assertThat(run.resolve("summary.json")).hasContent(summary);
    assertSame(run, result);
  }

  @Test
  void ofTwoDriversThatAreAliveTheSecondGoesOn() throws IOException, InterruptedException {
    Path run = temporary.resolve("run");
    Process first = startInTheMiddle(run, "allreduce");
    kill("STOP", first);
    Process second =
        Cli.start(Files.createDirectory(temporary.resolve("second")), "resume", run.toString());
    while (!Cli.summary(run).path("driver").path("pid").asText().equals("" + second.pid())) {
      Thread.sleep(POLL_MILLIS);
    }
    kill("CONT", first);
    assertThat(await(first).errors())
        .singleElement()
        .asString()
        .contains("was taken over by ", "; this driver stops");
    assertThat(second.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertSame(run, Cli.result(second, temporary.resolve("second")));
  }

  private static void kill(String signal, Process process)
      throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    assertThat(new ProcessBuilder("kill", "-" + signal, pid).start().waitFor()).isZero();
  }

  private Process startInTheMiddle(Path run, String engine)
      throws IOException, InterruptedException {
    String[] args = Cli.trainArgs(run, LONG);
    List<String> all = new ArrayList<>(List.of(args));
    all.addAll(List.of("--set", "engine=" + engine, "--master", "local[2]"));
    Process process = Cli.start(temporary, all.toArray(String[]::new));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
    while (!hasCheckpoint(run)) {
      assertThat(process.isAlive()).as(Files.readString(temporary.resolve("stderr"))).isTrue();
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.sleep(POLL_MILLIS);
    }
    return process;
  }

  private static boolean hasCheckpoint(Path run) throws IOException {
    return Files.exists(run.resolve("checkpoints"))
        && Cli.checkpoints(run).stream()
            .anyMatch(file -> file.getFileName().toString().startsWith("step-"));
  }

  private Cli.Result await(Process process) throws IOException, InterruptedException {
    assertThat(process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return Cli.result(process, temporary);
  }

  private static void assertSame(Path run, Cli.Result result) throws IOException {
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.json().path("model_sha256").asText()).isEqualTo(sha256);
    assertThat(Cli.metrics(run)).isEqualTo(metrics);
  }
}
