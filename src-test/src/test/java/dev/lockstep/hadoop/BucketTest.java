package dev.lockstep.hadoop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.spark.Fault;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import dev.lockstep.train.ExitCode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.io.TempDir;

/** Data and runs on an object store, which has no rename, no append and no directories. */
@DisabledForJreRange(minVersion = 24, disabledReason = "Hadoop 3.4 needs Subject.getSubject")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class BucketTest {
  private static final int EXAMPLES = 3000;
  private static final String DATA = "bucket://b/data/digits";
  private static final String RUN = "bucket://b/runs/a";

  @TempDir private Path directory;

  @BeforeEach
  void makeKnown() {
    System.setProperty(Bucket.PROPERTY, Bucket.class.getName());
  }

  @AfterEach
  void forget() {
    System.clearProperty(Bucket.PROPERTY);
    Bucket.empty();
  }

  private static Storage storage(String uri) {
    return Storage.at(new Location(uri));
  }

  @Test
  void trainFailResumeAndEvalGiveTheSameBits() throws IOException {
    String local = directory.resolve("run").toString();
    String digits = directory.resolve("digits").toString();
    Digits.write(storage(digits), EXAMPLES, "");
    Digits.write(storage(DATA), EXAMPLES, "");
    Commands.train(digits, local, "--set=checkpoint.every=10").expect(0);
    System.setProperty(Fault.KEY, "rank=1,step=45,times=1");
    try {
      Commands.train(DATA, RUN, "--set=checkpoint.every=10", "--set=round.attempts=1")
          .expect(ExitCode.CLUSTER);
    } finally {
      System.clearProperty(Fault.KEY);
    }
    assertThat(storage(RUN).exists("model")).isFalse();
    Commands.Ended resumed = Commands.run("resume", RUN, "--master=local[2]").expect(0);
    assertThat(resumed.err()).contains("goes on from step 40");
    assertThat(Commands.outcome(RUN)).isEqualTo(Commands.outcome(local));
    assertThat(storage(RUN).list("")).isEqualTo(storage(local).list(""));
    assertThat(Commands.run("eval", RUN, "--master=local[2]").expect(0).json().path("accuracy"))
        .isEqualTo(Commands.summary(local).path("test_accuracy"));
  }

  @Test
  void aFileThatFailsLeavesTheOldOne() throws IOException {
    Storage storage = storage(RUN);
    storage.writeAtomically("a", out -> out.write(7));
    assertThatThrownBy(
            () ->
                storage.writeAtomically(
                    "a",
                    out -> {
                      out.write(8);
                      throw new IOException("out of ink");
                    }))
        .hasMessage("cannot write bucket://b/runs/a/a: out of ink");
    assertThat(storage.read("a")).containsExactly(7);
    assertThat(storage.list("")).isEqualTo(List.of("a"));
  }
}
