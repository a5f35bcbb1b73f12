package dev.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.hadoop.Digits;
import dev.lockstep.hadoop.MiniHdfs;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

/** A cluster of two workers, by processes alone, whose data and runs lie on HDFS. */
@DisabledForJreRange(minVersion = 24, disabledReason = "Hadoop 3.4 needs Subject.getSubject")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class HdfsClusterIT {
  private static final int EXAMPLES = 20_000;
  private static final String DATA = "/data/digits";
  private static final long POLL_MILLIS = 20;

  /** What the driver reads of each file, to know it again: its first and its last MiB. */
  private static final long ENDS = 2L << 20;

  @TempDir private static Path shared;

  private static MiniHdfs hdfs;
  private static Launcher launcher;
  private static String url;
  private static RunFiles reference;

  @BeforeAll
  static void start() throws Exception {
    hdfs = MiniHdfs.start(shared.resolve("hdfs"), 3);
    launcher = new Launcher(shared);
    Path data = shared.resolve("digits");
    Digits.write(Storage.at(new Location(data.toString())), EXAMPLES, "");
    Digits.write(hdfs.storage(DATA), EXAMPLES, "");
    url =
        launcher
            .run("cluster", "start", "--dir=cluster", "--workers=2", "--cores=2")
            .expect(0)
            .out()
            .strip();
    launcher.run(train(data.toString(), "reference", "--set=engine=local")).expect(0);
    reference = RunFiles.of(shared.resolve("reference"));
  }

  @AfterAll
  static void stop() throws Exception {
    launcher.run("cluster", "stop", "--dir=cluster").expect(0);
    hdfs.close();
  }

  private static String[] train(String data, String out, String... more) {
    List<String> words = new ArrayList<>(List.of("train", "--data", data, "--out", out));
    words.addAll(List.of("--set=batch-size=500", "--set=epochs=3", "--set=round.steps=5"));
    words.addAll(List.of("--executor-memory", "512m"));
    // What a cluster's own hdfs-site.xml would say.
    words.addAll(List.of("--conf", "spark.hadoop.dfs.replication=2"));
    // A JVM that is killed leaves its native libraries behind.
    words.addAll(List.of("--conf", "spark.executor.extraJavaOptions=-Djava.io.tmpdir=" + shared));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  private RunFiles onHdfs(String run) throws IOException {
    return RunFiles.of(hdfs.storage(run));
  }

  /** Four ranks that each scanned the files would have had them sent four times. */
  @Test
  void filesAreSentOnce() throws Exception {
    Storage data = hdfs.storage(DATA);
    long stored = 0;
    for (String file : data.list("")) {
      stored += data.length(file);
    }
    long before = hdfs.bytesServed();
    launcher
        .run(train(hdfs.uri(DATA), hdfs.uri("/runs/a"), "--master", url, "--set=ranks=4"))
        .expect(0);
    long sent = hdfs.bytesServed() - before;
    assertThat(sent).isBetween(stored, stored + stored / 2 + 4 * ENDS);
    assertThat(onHdfs("/runs/a")).isEqualTo(reference);
    JsonNode scores =
        new ObjectMapper()
            .readTree(launcher.run("eval", hdfs.uri("/runs/a"), "--master", url).expect(0).out());
    assertThat(scores.path("model_sha256").asText()).isEqualTo(reference.modelSha256());
  }

  @Test
  void whatAnExecutorHeldIsReadAgainWhenItIsKilled() throws Exception {
    Launcher.Running running =
        launcher.start(
            Launcher.HOME.resolve("deploy/lockstep"),
            Map.of(),
            List.of(
                train(
                    hdfs.uri(DATA),
                    hdfs.uri("/runs/b"),
                    "--master=" + url,
                    "--set=ranks=4",
                    "--set=data.memory-limit=1m")));
    Storage run = hdfs.storage("/runs/b");
    while (!run.exists("checkpoints") && running.process().isAlive()) {
      Thread.sleep(POLL_MILLIS);
    }
    List<ProcessHandle> executors = executors();
    assertThat(executors).hasSize(2);
    executors.get(0).destroyForcibly();
    hdfs.stopDataNode(0);
    assertThat(running.await().expect(0).err()).contains("Lost executor");
    assertThat(onHdfs("/runs/b")).isEqualTo(reference);
  }

  private static List<ProcessHandle> executors() throws IOException {
    List<ProcessHandle> executors = new ArrayList<>();
    JsonNode state = new ObjectMapper().readTree(shared.resolve("cluster/cluster.json").toFile());
    for (JsonNode daemon : state.path("daemons")) {
      ProcessHandle.of(daemon.path("pid").asLong())
          .orElseThrow()
          .descendants()
          .filter(
              process ->
                  process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"))
          .forEach(executors::add);
    }
    return executors;
  }
}
