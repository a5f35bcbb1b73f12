package dev.lockstep.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.config.ConfigReader;
import dev.lockstep.config.RunConfig;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two drivers that hold the same run. */
final class RunDirectoryTest {
  private static final String METRICS = "metrics.jsonl";

  @TempDir Path temporary;

  private Path place;
  private RunDirectory zombie;
  private RunDirectory successor;
  private ResolvedRun run;

  @BeforeEach
  void begin() throws IOException {
    place = temporary.resolve("run");
    zombie = RunDirectory.at(place.toString());
    successor = RunDirectory.at(place.toString());
    RunConfig config =
        ConfigReader.read(
            Optional.empty(), "", List.of("data.uri=\"synthetic:digits?n=100&seed=1\""));
    run = ResolvedRun.of(config, FileData.open(config));
    zombie.begin(run);
  }

  private static Storage.Content of(String text) {
    return out -> out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private void takeOver() throws IOException {
    successor.begin(run);
    successor.write(successor.storage(), METRICS, of("the successor's"));
  }

  private void assertThatAllIsTheSuccessors() throws IOException {
    assertThat(place.resolve(METRICS)).hasContent("the successor's");
    successor.check();
    assertThatThrownBy(zombie::check).isInstanceOf(SupersededException.class);
    try (var files = Files.walk(place)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("config.conf", "summary.json", METRICS);
    }
  }

  @Test
  void nothingIsWrittenByADriverThatHasLostTheRun() throws IOException {
    takeOver();
    assertThatThrownBy(() -> zombie.write(zombie.storage(), METRICS, of("the zombie's")))
        .isInstanceOf(SupersededException.class)
        .hasMessageContaining("was taken over by process");
    assertThatAllIsTheSuccessors();
  }

  @Test
  void whatWasInTheMakingWhenTheRunWasTakenOverIsNotPutInItsPlace() throws IOException {
    assertThatThrownBy(
            () ->
                zombie.write(
                    zombie.storage(),
                    METRICS,
                    out -> {
                      of("the zombie's").writeTo(out);
                      takeOver();
                    }))
        .isInstanceOf(SupersededException.class);
    assertThatAllIsTheSuccessors();
  }

  /** Frozen after its last look, and before the file has its name. */
  @Test
  void whatWasWholeWhenTheRunWasTakenOverIsNotPutInItsPlace() throws IOException {
    assertThatThrownBy(
            () ->
                zombie
                    .storage()
                    .writeAtomically(
                        METRICS,
                        out -> {
                          of("the zombie's").writeTo(out);
                          zombie.check();
                          takeOver();
                        }))
        .isInstanceOf(IOException.class);
    assertThatAllIsTheSuccessors();
  }

  @Test
  void whatADriverLeftThatWasKilledIsDeletedByTheNext() throws IOException {
    for (String directory : List.of("", "checkpoints", "model")) {
      Path parent = Files.createDirectories(place.resolve(directory));
      Files.writeString(parent.resolve(".metrics.jsonl.of-another.tmp"), "half");
    }
    takeOver();
    assertThatAllIsTheSuccessors();
  }

  @Test
  void theSummaryIsOfTheDriverThatHasTheRun() throws IOException {
    JsonNode before = zombie.summary().orElseThrow().path("driver");
    takeOver();
    JsonNode after = successor.summary().orElseThrow().path("driver");
    assertThat(after).isNotEqualTo(before);
  }
}
