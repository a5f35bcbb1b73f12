package dev.lockstep.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.faults.Sighting.Outcome;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was seen is kept in a file, and told in a table. */
class SightingTest {
  private static final List<Sighting> SEEN =
      List.of(
          new Sighting(plan(0), "step 7", Outcome.RESUMED, "no room", OptionalDouble.of(2.5), 30),
          new Sighting(plan(1), "step 8", Outcome.RESUMED, "no room", OptionalDouble.of(1.5), 31),
          new Sighting(plan(2), "", Outcome.HARMED, "oh", OptionalDouble.empty(), 32),
          new Sighting(plan(2), "step 9", Outcome.WENT_ON, "", OptionalDouble.empty(), 33));

  private static FaultPlan plan(int index) {
    return FaultPlan.of(1, index, FaultKind.DISK_FULL, "tree");
  }

  @Test
  void theFileGivesThemBack(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("faults/faults.jsonl");
    assertThat(Sighting.read(file)).isEmpty();
    for (Sighting sighting : SEEN) {
      sighting.append(file);
    }
    assertThat(Sighting.read(file)).isEqualTo(SEEN);
  }

  @Test
  void theTableHasARowForWhatWasSeenLast() {
    assertThat(FaultTable.of(SEEN).lines())
        .containsExactly(
            "| fault | engine | seen | went on | resumed | harmed | median s to recover | slowest |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
            "| a full disk under the run directory | tree | 3 | 1 | 2 | 0 | 1.5 | 2.5 |",
            "| **all** |  | 3 | 1 | 2 | 0 | 1.5 | 2.5 |");
  }
}
