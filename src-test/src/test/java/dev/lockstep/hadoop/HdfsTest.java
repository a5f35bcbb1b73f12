package dev.lockstep.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.cluster.RunFiles;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

/** Data and runs on HDFS: the same bits as from local files, though a DataNode is lost. */
@DisabledForJreRange(minVersion = 24, disabledReason = "Hadoop 3.4 needs Subject.getSubject")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class HdfsTest {
  private static final int EXAMPLES = 3000;
  private static final String DATA = "/data/digits";

  @TempDir private static Path shared;
  private static RunFiles expected;

  @TempDir private Path directory;
  private MiniHdfs hdfs;

  @BeforeAll
  static void trainFromLocalFiles() throws IOException {
    String data = shared.resolve("digits").toString();
    String run = shared.resolve("run").toString();
    Digits.write(Storage.at(new Location(data)), EXAMPLES, "");
    Commands.train(data, run, "--set=checkpoint.every=10").expect(0);
    expected = Commands.outcome(run);
    assertThat(expected.metrics()).hasSize(72);
  }

  @BeforeEach
  void start() throws IOException {
    hdfs = MiniHdfs.startWatched(directory, 3);
  }

  @AfterEach
  void stop() {
    hdfs.close();
  }

  private void assertTrainsTheSame() throws IOException {
    Digits.write(hdfs.storage(DATA), EXAMPLES, "");
    String run = hdfs.uri("/runs/a");
    Commands.train(hdfs.uri(DATA), run, "--set=checkpoint.every=10").expect(0);
    assertThat(Commands.outcome(run)).isEqualTo(expected);
    JsonNode scores = Commands.run("eval", run, "--master=local[2]").expect(0).json();
    JsonNode summary = Commands.summary(run);
    assertThat(scores.path("accuracy")).isEqualTo(summary.path("test_accuracy"));
    assertThat(scores.path("loss")).isEqualTo(summary.path("test_loss"));
  }

  @Test
  void trainAndEvalGiveTheSameBits() throws IOException {
    assertTrainsTheSame();
  }

  @Test
  void aDataNodeIsLostWhileDataIsRead() throws IOException {
    WatchedHdfs.onceRead(
        file -> file.getName().equals(Digits.IMAGES), 300_000, () -> hdfs.stopDataNode(0));
    assertTrainsTheSame();
    assertThat(WatchedHdfs.hasHappened()).isTrue();
  }

  @Test
  void aDataNodeIsLostWhileACheckpointIsWritten() throws IOException {
    WatchedHdfs.onceWritten(
        file -> file.getParent().getName().equals("checkpoints"),
        50_000,
        () -> hdfs.stopDataNode(1));
    assertTrainsTheSame();
    assertThat(WatchedHdfs.hasHappened()).isTrue();
  }

  @Test
  void whileAFileIsWrittenTheOldOneIsThere() throws IOException {
    Storage storage = hdfs.storage("/runs");
    storage.writeAtomically("a", out -> out.write(7));
    storage.writeAtomically(
        "a",
        out -> {
          out.write(8);
          out.flush();
          assertThat(storage.read("a")).containsExactly(7);
        });
    assertThat(storage.read("a")).containsExactly(8);
    assertThat(storage.list("")).containsExactly("a");
  }

  @Test
  void aFileThatFailsLeavesTheOldOne() throws IOException {
    Storage storage = hdfs.storage("/runs");
    storage.writeAtomically("a", out -> out.write(7));
    assertThatThrownBy(
            () ->
                storage.writeAtomically(
                    "a",
                    out -> {
                      out.write(8);
                      throw new IOException("out of ink");
                    }))
        .hasMessage("cannot write %s: out of ink", hdfs.uri("/runs/a"));
    assertThat(storage.read("a")).containsExactly(7);
    assertThat(storage.list("")).containsExactly("a");
  }
}
