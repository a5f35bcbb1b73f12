package dev.lockstep.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.checkpoint.Checkpoints.Generation;
import dev.lockstep.checkpoint.Checkpoints.Identity;
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
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckpointsTest {
  private final Training training =
      new Training(
          NetworkParser.parse(3, List.of("dense 2")),
          new SoftmaxCrossEntropy(),
          new Momentum(0.9f, false),
          new Constant(0.1),
          new BatchPlan(10, 2, 1, 42, true));

  private final List<String> warnings = new ArrayList<>();

  @TempDir Path directory;

  /** What one driver sees. */
  private Checkpoints driver(int keep) {
    return driver(keep, "run");
  }

  private Checkpoints driver(int keep, String run) {
    Storage storage = Storage.at(new Location(directory.toString()));
    return new Checkpoints(storage, training, new Identity(run, "seed = 42"), keep, warnings::add);
  }

  /** A state whose parameters tell its step. */
  private State state(long step) {
    ParameterLayout layout = training.network().layout();
    float[] values = new float[layout.length()];
    values[Panels.START] = step;
    SlicedVector vector = SlicedVector.copyOf(values, layout);
    return new State(step, 42, vector, List.of(vector), List.of(), Monitors.NONE);
  }

  /** The lines of so many steps; their timing differs from driver to driver. */
  private static Journal journal(Checkpoints checkpoints, long steps, String timing) {
    Journal journal = checkpoints.beginJournal();
    LongStream.rangeClosed(1, steps).forEach(step -> journal.add("step " + step + timing));
    return journal;
  }

  private static String lines(Journal journal) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    journal.writeTo(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private void write(Checkpoints checkpoints, long... steps) throws IOException {
    for (long step : steps) {
      checkpoints.write(state(step), journal(checkpoints, step, ""));
    }
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("checkpoints"))) {
      return files
          .map(f -> f.getFileName().toString().replaceFirst("-[0-9a-f]{16}\\.", "-*."))
          .sorted()
          .toList();
    }
  }

  private Path file(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(directory.resolve("checkpoints"))) {
      return files
          .filter(f -> f.getFileName().toString().startsWith(prefix))
          .collect(Collectors.collectingAndThen(Collectors.toList(), found -> found.get(0)));
    }
  }

  private void assertLatest(long step) throws IOException {
    Generation latest = driver(3).latest().orElseThrow();
    assertThat(latest.state().step()).isEqualTo(step);
    assertThat(latest.state().parameters().toFlat()[Panels.START]).isEqualTo((float) step);
    assertThat(directory.resolve(latest.file())).exists();
    assertThat(lines(latest.journal()).lines())
        .hasSize((int) step)
        .allMatch(line -> line.startsWith("step "));
  }

  @Test
  void thereIsNoneInTheBeginning() throws IOException {
    assertThat(driver(3).latest()).isEqualTo(Optional.empty());
    assertThat(warnings).isEmpty();
  }

  @Test
  void keepsTheNewestAndAllTheirParts() throws IOException {
    write(driver(2), 5, 10, 15);
    assertThat(names())
        .containsExactly(
            "metrics-000000001-000000010-*.jsonl",
            "metrics-000000001-000000015-*.jsonl",
            "state-000000010-*.safetensors",
            "state-000000015-*.safetensors",
            "step-000000010-*.json",
            "step-000000015-*.json");
    assertLatest(15);
    assertThat(warnings).isEmpty();
  }

  @Test
  void beforeTheFirstStepThereIsNoLine() throws IOException {
    write(driver(1), 0);
    assertLatest(0);
  }

  @Test
  void fullPartsOfTheJournalAreSharedByGenerations() throws IOException {
    Checkpoints checkpoints = driver(2);
    Journal journal = Journal.begin(new Parts(Storage.at(new Location(directory.toString()))), 40);
    for (long step = 1; step <= 12; step++) {
      journal.add("step %02d".formatted(step)); // 8 bytes: 5 lines are full
      if (step % 3 == 0) {
        checkpoints.write(state(step), journal);
      }
    }
    assertThat(names())
        .containsExactly(
            "metrics-000000001-000000006-*.jsonl",
            "metrics-000000007-000000009-*.jsonl",
            "metrics-000000007-000000012-*.jsonl",
            "state-000000009-*.safetensors",
            "state-000000012-*.safetensors",
            "step-000000009-*.json",
            "step-000000012-*.json");
    assertLatest(12);
    assertThat(lines(journal)).startsWith("step 01\n").endsWith("step 12\n").hasLineCount(12);
  }

  @Test
  void aJournalThatWasReadGoesOn() throws IOException {
    write(driver(2), 5);
    Checkpoints again = driver(2);
    Generation saved = again.latest().orElseThrow();
    saved.journal().add("step 6");
    again.write(state(6), saved.journal());
    assertLatest(6);
  }

  @Test
  void passesOverBrokenOnes() throws IOException {
    write(driver(9), 1, 2, 3, 4, 5, 6, 7);
    Files.delete(file("metrics-000000001-000000007"));
    Files.delete(file("state-000000006"));
    byte[] changed = Files.readAllBytes(file("state-000000005"));
    changed[changed.length - 1] ^= 1;
    Files.write(file("state-000000005"), changed);
    Files.writeString(file("state-000000004"), "x");
    Files.writeString(file("step-000000003"), "{");
    Path second = file("step-000000002");
    Files.writeString(second, Files.readString(second).replace("seed = 42", "seed = 43"));
    assertLatest(1);
    assertThat(warnings).hasSize(6);
    assertThat(warnings.get(0))
        .matches("checkpoint step-000000007-\\w+.json is passed over: .*it does not exist");
    assertThat(warnings.get(2))
        .matches(
            ".* is passed over: checkpoints/state-000000005-\\w+.safetensors"
                + " does not have the SHA-256 of its manifest");
    assertThat(warnings.get(3)).contains("has 1 bytes, but its manifest says ");
    assertThat(warnings.get(4)).contains("step-000000003", "is not JSON: ");
    assertThat(warnings.get(5)).endsWith("does not have the SHA-256 that it declares");
  }

  @Test
  void passesOverThoseOfAnotherRun() throws IOException {
    write(driver(3), 5);
    write(driver(3, "another"), 10);
    assertLatest(5);
    assertThat(warnings)
        .singleElement()
        .asString()
        .endsWith("is of another configuration, or of other data");
  }

  @Test
  void refusesToBeginAgainWhereNoneCanBeUsed() throws IOException {
    write(driver(3), 5);
    Files.writeString(file("step-000000005"), "{}");
    assertThatThrownBy(() -> driver(3).latest())
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("the run cannot go on from any of its 1 checkpoints");
  }

  /** A run that went back because the newest was broken must not lose what it saves since. */
  @Test
  void onesThatWerePassedOverDoNotCountAndAreWrittenAnew() throws IOException {
    write(driver(2), 10, 20);
    Path state = file("state-000000020");
    byte[] whole = Files.readAllBytes(state);
    byte[] changed = whole.clone();
    changed[changed.length - 1] ^= 1;
    Files.write(state, changed);
    Checkpoints again = driver(1);
    assertThat(again.latest().orElseThrow().state().step()).isEqualTo(10);
    write(again, 12);
    assertLatest(12);
    assertThat(names()).doesNotContain("step-000000010-*.json");
    write(again, 20);
    assertThat(state).hasBinaryContent(whole);
    assertLatest(20);
    assertThat(names())
        .containsExactly(
            "metrics-000000001-000000020-*.jsonl",
            "state-000000020-*.safetensors",
            "step-000000020-*.json");
  }

  /** One that was thought to be dead is ahead, and goes on while its successor does. */
  @Test
  void twoDriversDoNotSpoilEachOthersFiles() throws IOException {
    Checkpoints zombie = driver(2);
    write(zombie, 5, 10);
    Checkpoints successor = driver(2);
    assertThat(successor.latest().orElseThrow().state().step()).isEqualTo(10);
    for (long step = 15; step <= 60; step += 5) {
      Checkpoints first = step % 2 == 0 ? zombie : successor;
      Checkpoints second = step % 2 == 0 ? successor : zombie;
      first.write(state(step), journal(first, step, ", as one measured it"));
      assertLatest(step);
      second.write(state(step - 5), journal(second, step - 5, ", as the other did"));
      assertLatest(step);
      second.write(state(step), journal(second, step, ", as the other did"));
      assertLatest(step);
    }
    assertThat(warnings).isEmpty();
  }

  @Test
  void whatAKilledDriverLeftIsTakenAwayInTime() throws IOException {
    write(driver(2), 5);
    Files.delete(file("step-000000005")); // Killed before the manifest.
    write(driver(2), 10, 15);
    assertThat(names()).noneMatch(name -> name.contains("000000005"));
  }

  @Test
  void leavesOtherFilesAlone() throws IOException {
    Files.createDirectories(directory.resolve("checkpoints"));
    Files.writeString(directory.resolve("checkpoints/notes.txt"), "mine");
    Files.writeString(directory.resolve("checkpoints/step-7.json"), "mine");
    write(driver(1), 5, 10);
    assertThat(names()).contains("notes.txt", "step-7.json").hasSize(5);
    assertLatest(10);
  }
}
