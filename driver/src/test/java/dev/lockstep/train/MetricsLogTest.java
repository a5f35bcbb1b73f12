package dev.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.checkpoint.Checkpoints;
import dev.lockstep.checkpoint.Checkpoints.Identity;
import dev.lockstep.engine.Monitors;
import dev.lockstep.engine.NoiseAverages;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.SlicedVector;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.gradient.NoiseSampling;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import dev.lockstep.watch.Pace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MetricsLogTest {
  private static final int BATCH = 32;

  @TempDir Path directory;
  private Storage storage;

  @BeforeEach
  void open() {
    storage = Storage.at(new Location(directory.toString()));
  }

  /** A round of the steps [first, last], counted from 1; each took a millisecond. */
  private static RoundResult round(long first, long last) {
    List<StepRecord> records =
        LongStream.rangeClosed(first, last)
            .mapToObj(s -> new StepRecord(s, 1, BATCH, 1.0 / s, 0.1, 2.0 / 3))
            .toList();
    State state =
        new State(last, 1, new SlicedVector(List.of()), List.of(), List.of(), Monitors.NONE);
    return new RoundResult(state, records, 1_000_000L * records.size());
  }

  private MetricsLog begin() {
    Identity identity = new Identity("run", "");
    return new MetricsLog(
        storage,
        () -> {},
        new Checkpoints(storage, null, identity, 1, warning -> {}).beginJournal(),
        new NoiseSampling(1, 0.5));
  }

  private MetricsLog logOf(long steps) throws IOException {
    MetricsLog log = begin();
    add(log, round(1, steps));
    log.publish();
    return log;
  }

  private static void add(MetricsLog log, RoundResult round) {
    log.add(round.records(), NoiseAverages.NONE, Milestone.NONE, Pace.of(round));
  }

  private List<String> lines() throws IOException {
    return Files.readAllLines(directory.resolve("metrics.jsonl"));
  }

  @Test
  void hasALineForEveryStep() throws IOException {
    logOf(3);
    assertThat(Files.readString(directory.resolve("metrics.jsonl")))
        .isEqualTo(
            """
            {"step":1,"epoch":1,"loss":1.0,"learning_rate":0.1,"grad_norm":0.6666666666666666,"timing":{"samples_per_second":32000.0}}
            {"step":2,"epoch":1,"loss":0.5,"learning_rate":0.1,"grad_norm":0.6666666666666666,"timing":{"samples_per_second":32000.0}}
            {"step":3,"epoch":1,"loss":0.3333333333333333,"learning_rate":0.1,"grad_norm":0.6666666666666666,"timing":{"samples_per_second":32000.0}}
            """);
  }

  /** JDK 17 itself would write 2^-44 as 5.6843418860808015E-14. */
  @Test
  void itsDigitsAreTheShortestOnEveryJdk() throws IOException {
    MetricsLog log = begin();
    double[] values = {0x1p-44, Double.MIN_NORMAL, Double.MIN_VALUE};
    for (int i = 0; i < values.length; i++) {
      StepRecord record = new StepRecord(i + 1, 1, BATCH, values[i], 0.1, 1);
      add(log, new RoundResult(round(1, 1).state(), List.of(record), 1_000_000));
    }
    log.publish();
    assertThat(lines().stream().map(line -> line.replaceFirst(".*\"loss\":([^,]+),.*", "$1")))
        .containsExactly("5.684341886080802E-14", "2.2250738585072014E-308", "4.9E-324");
  }

  @Test
  void writesNothingBeforeItIsToldTo() throws IOException {
    MetricsLog log = begin();
    add(log, round(1, 2));
    assertThat(storage.exists("metrics.jsonl")).isFalse();
    log.publishNowAndThen();
    assertThat(lines()).hasSize(2);
  }

  @Test
  void theLastWholeLineIsTold() throws IOException {
    assertThat(MetricsLog.last(storage)).isEmpty();
    logOf(4);
    assertThat(MetricsLog.last(storage).orElseThrow().path("step").asLong()).isEqualTo(4);
    Path file = directory.resolve("metrics.jsonl");
    Files.writeString(file, Files.readString(file).replaceFirst("\"step\":4.*\n", ""));
    assertThat(MetricsLog.last(storage).orElseThrow().path("step").asLong()).isEqualTo(3);
    Files.writeString(file, "");
    assertThat(MetricsLog.last(storage)).isEmpty();
  }
}
