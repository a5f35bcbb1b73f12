package dev.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training on a real cluster of two workers, by processes alone. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class StandaloneClusterIT {
  private static final long POLL_MILLIS = 20;

  @TempDir private static Path shared;

  private static Launcher launcher;
  private static String url;
  private static RunFiles reference;

  @BeforeAll
  static void startCluster() throws Exception {
    launcher = new Launcher(shared);
    Launcher.Ended started =
        launcher.run("cluster", "start", "--dir=cluster", "--workers=2", "--cores=1").expect(0);
    assertThat(started.out()).matches("spark://127\\.0\\.0\\.1:\\d+\\R");
    url = started.out().strip();
    launcher.start(lockstep(), Map.of(), train("local", "reference")).await().expect(0);
    reference = RunFiles.of(shared.resolve("reference"));
    assertThat(reference.metrics()).hasSize(60);
  }

  @AfterAll
  static void stopCluster() throws Exception {
    List<ProcessHandle> processes = processes(shared.resolve("cluster"));
    launcher.run("cluster", "stop", "--dir=cluster").expect(0);
    assertThat(processes).isNotEmpty().noneMatch(ProcessHandle::isAlive);
    assertThat(shared.resolve("cluster")).doesNotExist();
  }

  private static Path lockstep() {
    return Launcher.HOME.resolve("deploy/lockstep");
  }

  private static List<String> train(String engine, String out) {
    List<String> words = new ArrayList<>(List.of("train", "--out", out));
    if (!engine.equals("local")) {
      words.addAll(List.of("--master", url));
    }
    words.addAll(List.of("--data", "synthetic:digits?n=2000&seed=1"));
    words.addAll(List.of("--set", "engine=" + engine, "--set", "ranks=2"));
    words.addAll(List.of("--set", "batch-size=100", "--set", "epochs=3"));
    // Many rounds, since beginning one is where executors can miss each other.
    words.addAll(List.of("--set", "round.steps=2"));
    words.addAll(List.of("--executor-memory", "512m"));
    // A JVM that is killed leaves its native libraries behind.
    words.addAll(List.of("--conf", "spark.executor.extraJavaOptions=-Djava.io.tmpdir=" + shared));
    return words;
  }

  @ParameterizedTest
  @ValueSource(strings = {"allreduce", "tree"})
  void theSameBitsAsTheLocalEngine(String engine) throws Exception {
    Launcher.Ended ended =
        launcher.start(lockstep(), Map.of(), train(engine, engine)).await().expect(0);
    assertThat(ended.err()).doesNotContain("run again");
    assertThat(ended.err().split("is open to all who can reach it", -1))
        .hasSize(engine.equals("allreduce") ? 2 : 1);
    assertThat(RunFiles.of(shared.resolve(engine))).isEqualTo(reference);
  }

  @ParameterizedTest
  @ValueSource(strings = {"allreduce", "tree"})
  void theSameBitsWhenAnExecutorIsKilled(String engine) throws Exception {
    Path run = shared.resolve(engine + "-killed");
    Launcher.Running running = launcher.start(lockstep(), Map.of(), train(engine, run.toString()));
    awaitFirstEpoch(run, running);
    List<ProcessHandle> executors = executors();
    assertThat(executors).hasSize(2);
    executors.get(0).destroyForcibly();
    assertThat(running.await().expect(0).err()).contains("Lost executor");
    assertThat(RunFiles.of(run)).isEqualTo(reference);
  }

  private static void awaitFirstEpoch(Path run, Launcher.Running running) throws Exception {
    while (!RunFiles.hasCheckpoint(run, 20) && running.process().isAlive()) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  @Test
  void aLostExecutorIsNamedWhenNoAttemptIsLeft() throws Exception {
    Path run = shared.resolve("lost");
    List<String> words = new ArrayList<>(train("allreduce", run.toString()));
    words.replaceAll(
        word ->
            switch (word) {
              case "epochs=3" -> "epochs=1000";
              case "round.steps=2" -> "round.attempts=1";
              default -> word;
            });
    Launcher.Running running = launcher.start(lockstep(), Map.of(), words);
    awaitFirstEpoch(run, running);
    executors().get(0).destroyForcibly();
    assertThat(running.await().expect(5).err())
        .containsPattern("the first failure was: .*(was lost|lost the executor|closed its conn)")
        .doesNotContain("interrupted\n");
  }

  @Test
  void thereIsOnlyOneInADirectory() throws Exception {
    assertThat(launcher.run("cluster", "start", "--dir=cluster").expect(2).err())
        .contains("a cluster is running at " + url);
  }

  @Test
  void nothingToStop(@TempDir Path empty) throws Exception {
    assertThat(launcher.run("cluster", "stop", "--dir", empty.toString()).expect(2).err())
        .contains("there is no cluster to stop");
  }

  @Test
  void aDirectoryInUseIsRefused(@TempDir Path inUse) throws Exception {
    Path file = Files.createFile(inUse.resolve("mine"));
    assertThat(launcher.run("cluster", "start", "--dir", inUse.toString()).expect(2).err())
        .contains("holds other files");
    assertThat(file).exists();
  }

  @Test
  void aPortInUseEndsTheStartAndLeavesNothing(@TempDir Path parent) throws Exception {
    Path directory = parent.resolve("cluster");
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = Integer.toString(taken.getLocalPort());
      assertThat(
              launcher
                  .run("cluster", "start", "--dir", directory.toString(), "--port", port)
                  .expect(5)
                  .err())
          .contains("Address already in use");
    }
    assertThat(directory).doesNotExist();
  }

  @Test
  void aStrangersProcessIsNeverKilled(@TempDir Path directory) throws Exception {
    Process stranger = new ProcessBuilder("sleep", "100").start();
    try {
      new ClusterDirectory(directory)
          .write(
              new ClusterDirectory.State(
                  "spark://127.0.0.1:1", List.of(new Daemon("master", stranger.pid(), 1))));
      launcher.run("cluster", "stop", "--dir", directory.toString()).expect(0);
      assertThat(stranger.isAlive()).isTrue();
    } finally {
      stranger.destroyForcibly();
    }
  }

  private static List<ProcessHandle> executors() throws IOException {
    return processes(shared.resolve("cluster")).stream()
        .filter(
            process ->
                process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
        .toList();
  }

  /** The daemons of a cluster and their descendants. */
  private static List<ProcessHandle> processes(Path directory) throws IOException {
    List<ProcessHandle> processes = new ArrayList<>();
    JsonNode state = new ObjectMapper().readTree(directory.resolve("cluster.json").toFile());
    for (JsonNode daemon : state.path("daemons")) {
      ProcessHandle process = ProcessHandle.of(daemon.path("pid").asLong()).orElseThrow();
      processes.add(process);
      process.descendants().forEach(processes::add);
    }
    return processes;
  }
}
