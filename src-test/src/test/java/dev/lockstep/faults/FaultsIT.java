package dev.lockstep.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.faults.Sighting.Outcome;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A handful of the suite's faults. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FaultsIT {
  @TempDir private static Path directory;

  private static Ground ground;

  @BeforeAll
  static void prepare() throws Exception {
    ground = Ground.prepare(directory);
  }

  @AfterAll
  static void end() throws Exception {
    if (ground != null) {
      ground.end();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "ALL_EXECUTORS_KILLED, tree, WENT_ON",
    "EXECUTOR_FROZEN, allreduce, WENT_ON",
    "DRIVER_KILLED, tree, RESUMED",
    "CONNECTION_CUT, allreduce, WENT_ON",
    "DISK_FULL, allreduce, RESUMED"
  })
  void theSameBits(FaultKind kind, String engine, Outcome outcome) throws Exception {
    Sighting sighting = Trial.of(ground, FaultPlan.of(1, 4, kind, engine));
    assertThat(sighting.outcome()).isEqualTo(outcome);
  }
}
