package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clusters that are not there, or too small; and what a run on Spark leaves behind. */
class ClusterTest {
  private static final Duration THREADS_END = Duration.ofSeconds(20);

  @TempDir Path temporary;

  @Test
  @Timeout(15)
  void anUnreachableMaster() {
    Path run = temporary.resolve("run");
    Cli.Result result = Cli.train(run, "--master", "spark://127.0.0.1:1");
    assertThat(result.exit()).isEqualTo(ExitCode.CLUSTER);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines())
        .containsExactly(
            "lockstep: the master spark://127.0.0.1:1 cannot be reached (Connection refused); is the"
                + " cluster up, and is this its address?");
    assertThat(run).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sparky", "local[0]", "local[x]", "spark://host", "http://host:80"})
  void aMasterThatCannotBe(String master) {
    Path run = temporary.resolve("run");
    Cli.Result result = Cli.train(run, "--master", master);
    assertThat(result.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(result.errors())
        .containsExactly(
            "master %s: want local[N], spark://HOST:PORT, yarn or k8s://URL".formatted(master));
    assertThat(run).doesNotExist();
  }

  @Test
  void moreRanksThanSlots() {
    Path run = temporary.resolve("run");
    Cli.Result result =
        Cli.train(run, "--master", "local[2]", "--set", "engine=allreduce", "--set", "ranks=3");
    assertThat(result.exit()).isEqualTo(ExitCode.CLUSTER);
    assertThat(result.errors())
        .containsExactly(
            "engine = allreduce cannot run: 3 ranks need as many slots at the same time, but"
                + " local[2] has 2; use fewer ranks, or use engine = tree");
    assertThat(run).doesNotExist();
  }

  @Test
  void moreRanksThanSlotsMakeAutoChooseTheTree() {
    Cli.Result result =
        Cli.train(temporary.resolve("run"), "--master", "local[2]", "--set", "ranks=3");
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.err()).contains("engine tree (a Spark job a step), because 3 ranks");
    assertThat(result.json().path("engine").asText()).isEqualTo("tree");
    assertThat(result.json().path("ranks").asInt()).isEqualTo(3);
  }

  @Test
  void noThreadKeepsTheJvmAlive() throws InterruptedException {
    Set<Thread> before = new HashSet<>(Thread.getAllStackTraces().keySet());
    Cli.Result result =
        Cli.train(temporary.resolve("run"), "--master", "local[2]", "--set", "engine=allreduce");
    assertThat(result.exit()).as(result.err()).isZero();
    long deadline = System.nanoTime() + THREADS_END.toNanos();
    List<Thread> left = left(before);
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      left.get(0).join(100);
      left = left(before);
    }
    assertThat(left).isEmpty();
  }

  private static List<Thread> left(Set<Thread> before) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.isDaemon() && thread.isAlive() && !before.contains(thread))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"local", "tree", "allreduce"})
  void aNormalRunIsQuiet(String engine) throws IOException, InterruptedException {
    Process process =
        Cli.start(
            temporary,
            Cli.trainArgs(
                temporary.resolve("run"), "--master", "local[2]", "--set", "engine=" + engine));
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    Cli.Result result = Cli.result(process, temporary);
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.json().path("exit").asInt()).isZero();
    assertThat(result.err().lines())
        .hasSize(4)
        .satisfiesExactly(
            line ->
                assertThat(line)
                    .isEqualTo("WARNING: Using incubator modules: jdk.incubator.vector"),
            line -> assertThat(line).startsWith("600 examples, 12,730 parameters; " + engine),
            line -> assertThat(line).startsWith("step 10/20  epoch 1"),
            line -> assertThat(line).startsWith("step 20/20  epoch 2"));
  }
}
