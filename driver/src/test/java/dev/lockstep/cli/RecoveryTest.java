package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.spark.Fault;
import dev.lockstep.train.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A run that was stopped goes on to the same bits, or says why it cannot. */
class RecoveryTest {
  @TempDir Path temporary;
  private Path run;
  private String sha256;
  private List<String> metrics;

  @BeforeEach
  void trainUndisturbed() throws IOException {
    run = temporary.resolve("run");
    Cli.Result result = Cli.trainLocally(run, "--set", "checkpoint.every=5");
    assertThat(result.exit()).as(result.err()).isZero();
    sha256 = result.json().path("model_sha256").asText();
    metrics = Cli.metrics(run);
    assertThat(metrics).hasSize(20);
    assertThat(Cli.checkpoint(run, "step-000000015-")).exists();
    assertThat(Cli.checkpoint(run, "step-000000020-")).exists();
  }

  private void assertSame(Cli.Result result) throws IOException {
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.json().path("model_sha256").asText()).isEqualTo(sha256);
    assertThat(Cli.metrics(run)).isEqualTo(metrics);
    assertThat(Cli.summary(run).path("status").asText()).isEqualTo("finished");
  }

  @ParameterizedTest
  @CsvSource({"local,1", "tree,3", "allreduce,2"})
  void anotherEngineAndRankCountGoOnToTheSameBits(String engine, int ranks) throws IOException {
    Cli.makeUnfinished(run);
    Cli.Result result =
        Cli.run(
            "resume",
            run.toString(),
            "--master",
            "local[2]",
            "--set",
            "engine=" + engine,
            "--set",
            "ranks=" + ranks);
    assertSame(result);
    assertThat(result.err()).contains(run + " goes on from step 15");
    assertThat(result.json().path("ranks").asInt()).isEqualTo(ranks);
  }

  @Test
  void trainWithTheSameArgumentsGoesOn() throws IOException {
    Cli.makeUnfinished(run);
    Cli.Result result = Cli.trainLocally(run);
    assertSame(result);
    assertThat(result.err()).contains("goes on from step 15");
  }

  @Test
  void aCorruptCheckpointIsPassedOverForTheOneBefore() throws IOException {
    Cli.markRunning(run);
    flipABit(Cli.checkpoint(run, "state-000000020-"));
    Cli.Result result = Cli.run("resume", run.toString(), "--set", "engine=local");
    assertSame(result);
    assertThat(result.err())
        .containsPattern("checkpoint step-000000020-\\w+.json is passed over: .*SHA-256")
        .contains("from step 15");
  }

  @Test
  void onlyCorruptCheckpointsAreAnErrorAndNoNewBeginning() throws IOException {
    Cli.makeUnfinished(run);
    flipABit(Cli.checkpoint(run, "state-000000015-"));
    Cli.Result result = Cli.run("resume", run.toString(), "--set", "engine=local");
    assertThat(result.exit()).isEqualTo(ExitCode.DATA);
    assertThat(result.err()).containsPattern("checkpoint step-000000015-\\w+.json is passed over");
    assertThat(result.errors())
        .singleElement()
        .asString()
        .contains("cannot go on from any of its 1 checkpoints", "delete", "checkpoints");
    assertThat(Cli.metrics(run)).isEqualTo(metrics);
  }

  private static void flipABit(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 7] ^= 1;
    Files.write(file, bytes);
  }

  /** The file for the user may be behind, or gone; the checkpoint has the lines that count. */
  @Test
  void metricsThatWereCutShortAreMadeWhole() throws IOException {
    Cli.makeUnfinished(run);
    Path file = run.resolve("metrics.jsonl");
    List<String> lines = Files.readAllLines(file);
    Files.write(file, lines.subList(0, 7));
    Files.writeString(file, lines.get(7).substring(0, 20), StandardOpenOption.APPEND);
    assertThat(Cli.run("status", run.toString()).out()).contains("last step           7 ");
    assertSame(Cli.run("resume", run.toString(), "--set", "engine=local"));
  }

  @Test
  void linesOfMetricsThatAreGoneLeadToAnEarlierCheckpoint() throws IOException {
    Cli.markRunning(run);
    Files.delete(Cli.checkpoint(run, "metrics-000000001-000000020-"));
    Cli.Result result = Cli.run("resume", run.toString(), "--set", "engine=local");
    assertSame(result);
    assertThat(result.err()).contains("is passed over", "it does not exist", "from step 15");
  }

  @Test
  void aManifestThatWasCutShortLeadsToAnEarlierCheckpoint() throws IOException {
    Cli.markRunning(run);
    Path manifest = Cli.checkpoint(run, "step-000000020-");
    Files.writeString(manifest, Files.readString(manifest).substring(0, 300));
    Cli.Result result = Cli.run("resume", run.toString(), "--set", "engine=local");
    assertSame(result);
    assertThat(result.err()).contains("is passed over", "is not JSON", "from step 15");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tree", "allreduce"})
  void aTaskThatFailsOnceChangesNoBit(String engine) throws IOException {
    run = temporary.resolve(engine);
    assertSame(withFault("rank=1,step=12,times=1", engine));
  }

  @ParameterizedTest
  @ValueSource(strings = {"tree", "allreduce"})
  void aTaskThatAlwaysFailsEndsTheRunWithTheFirstFailure(String engine) throws IOException {
    run = temporary.resolve(engine);
    long begun = System.nanoTime();
    Cli.Result result = withFault("rank=1,step=12,times=1000000", engine);
    assertThat(System.nanoTime() - begun).isLessThan(60_000_000_000L);
    assertThat(result.exit()).as(result.err()).isEqualTo(ExitCode.CLUSTER);
    assertThat(result.out()).isEmpty();
    assertThat(result.errors())
        .singleElement()
        .asString()
        .startsWith("steps 11 to 15 failed 4 times (round.attempts = 4)")
        .endsWith("injected fault on rank 1 at step 13");
    assertThat(result.err()).contains("stopped at step 10; to go on: deploy/lockstep resume");
    assertThat(Cli.summary(run).path("exit").asInt()).isEqualTo(ExitCode.CLUSTER);
    // What was done is not lost.
    Cli.Result resumed = Cli.run("resume", run.toString(), "--set", "engine=local");
    assertSame(resumed);
    assertThat(resumed.err()).contains("goes on from step 10");
  }

  private Cli.Result withFault(String fault, String engine) {
    System.setProperty(Fault.KEY, fault);
    try {
      return Cli.train(
          run,
          "--master",
          "local[2]",
          "--set",
          "engine=" + engine,
          "--set",
          "ranks=2",
          "--set",
          "round.steps=5");
    } finally {
      System.clearProperty(Fault.KEY);
    }
  }
}
