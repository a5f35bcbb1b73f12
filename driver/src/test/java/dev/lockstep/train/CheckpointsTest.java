package dev.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.Monitors;
import dev.lockstep.engine.SlicedVector;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.kernel.Panels;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.schedule.Constant;
import dev.lockstep.serialization.FormatException;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointsTest {
  private static final long ALL = Long.MAX_VALUE;

  private final Training training =
      new Training(
          NetworkParser.parse(3, List.of("dense 2")),
          new SoftmaxCrossEntropy(),
          new Momentum(0.9f, false),
          new Constant(0.1),
          new BatchPlan(10, 2, 1, 42, true));

  private final List<String> warnings = new ArrayList<>();

  @TempDir Path directory;

  private Checkpoints keeping(int keep) {
    Storage storage = Storage.at(new Location(directory.toString()));
    return new Checkpoints(storage, training, keep, warnings::add);
  }

  /** A state whose parameters tell its step. */
  private State state(long step) {
    ParameterLayout layout = training.network().layout();
    float[] values = new float[layout.length()];
    values[Panels.START] = step;
    SlicedVector vector = SlicedVector.copyOf(values, layout);
    return new State(step, 42, vector, List.of(vector), List.of(), Monitors.NONE);
  }

  private void write(int keep, long... steps) throws IOException {
    for (long step : steps) {
      keeping(keep).write(state(step));
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("checkpoints"))) {
      return files.map(f -> f.getFileName().toString()).sorted().toList();
    }
  }

  private Path file(String name) {
    return directory.resolve("checkpoints").resolve(name);
  }

  private void assertLatest(long step) throws IOException {
    State latest = keeping(3).latest(ALL).orElseThrow();
    assertThat(latest.step()).isEqualTo(step);
    assertThat(latest.parameters().toFlat()[Panels.START]).isEqualTo((float) step);
  }

  @Test
  void thereIsNoneInTheBeginning() throws IOException {
    assertThat(keeping(3).latest(ALL)).isEqualTo(Optional.empty());
    assertThat(warnings).isEmpty();
  }

  @Test
  void keepsTheNewest() throws IOException {
    write(2, 5, 10, 15);
    assertThat(names())
        .containsExactly(
            "step-000000010.json",
            "step-000000010.safetensors",
            "step-000000015.json",
            "step-000000015.safetensors");
    assertLatest(15);
    assertThat(warnings).isEmpty();
  }

  @Test
  void laterStepsAreNewerWhateverTheirDigits() throws IOException {
    write(3, 999_999_999, 1_000_000_000);
    assertLatest(1_000_000_000);
    write(1, 1_000_000_001);
    assertThat(names()).containsExactly("step-1000000001.json", "step-1000000001.safetensors");
  }

  @Test
  void passesOverBrokenOnes() throws IOException {
    write(9, 1, 2, 3, 4, 5, 6);
    Files.delete(file("step-000000006.safetensors"));
    byte[] changed = Files.readAllBytes(file("step-000000005.safetensors"));
    changed[changed.length - 1] ^= 1;
    Files.write(file("step-000000005.safetensors"), changed);
    Files.writeString(file("step-000000004.safetensors"), "x");
    Files.writeString(file("step-000000003.json"), "{");
    Files.writeString(file("step-000000002.json"), "");
    assertLatest(1);
    assertThat(warnings).hasSize(5);
    assertThat(warnings.get(0)).startsWith("checkpoint step-000000006.json is passed over: ");
    assertThat(warnings.get(1))
        .isEqualTo(
            "checkpoint step-000000005.json is passed over: checkpoints/step-000000005.safetensors"
                + " does not have the SHA-256 of its manifest");
    assertThat(warnings.get(2))
        .contains("step-000000004.safetensors has 1 bytes, but its manifest");
    assertThat(warnings.get(3)).contains("step-000000003.json is not JSON: ");
    assertThat(warnings.get(4)).contains("but its manifest says ");
  }

  @Test
  void passesOverOnesThatTheMetricsDoNotReach() throws IOException {
    write(3, 5, 10);
    assertThat(keeping(3).latest(9).orElseThrow().step()).isEqualTo(5);
    assertThat(warnings)
        .containsExactly(
            "checkpoint step-000000010.json is passed over: metrics.jsonl has only 9 whole lines");
  }

  @Test
  void refusesToBeginAgainWhereNoneCanBeUsed() throws IOException {
    write(3, 5);
    Files.writeString(file("step-000000005.json"), "{}");
    assertThatThrownBy(() -> keeping(3).latest(ALL))
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("the run cannot go on from any of its 1 checkpoints");
  }

  /** A run that went back because the newest was broken must not lose what it saves since. */
  @Test
  void onesThatWerePassedOverDoNotCount() throws IOException {
    write(2, 10, 20);
    Files.writeString(file("step-000000020.safetensors"), "x");
    assertLatest(10);
    write(1, 12);
    assertLatest(12);
    assertThat(names()).doesNotContain("step-000000010.json");
    write(1, 20);
    assertLatest(20);
    assertThat(names()).containsExactly("step-000000020.json", "step-000000020.safetensors");
  }

  @Test
  void leavesOtherFilesAlone() throws IOException {
    Files.createDirectories(directory.resolve("checkpoints"));
    Files.writeString(file("notes.txt"), "mine");
    Files.writeString(file("step-7.json"), "mine");
    write(1, 5, 10);
    assertThat(names())
        .containsExactly(
            "notes.txt", "step-000000010.json", "step-000000010.safetensors", "step-7.json");
    assertLatest(10);
  }
}
