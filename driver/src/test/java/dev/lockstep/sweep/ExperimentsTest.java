package dev.lockstep.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The experiments that are shipped. */
class ExperimentsTest {
  private static final Path DIRECTORY = Path.of("../conf/experiments");

  static List<Path> experiments() throws IOException {
    try (Stream<Path> files = Files.list(DIRECTORY)) {
      return files.sorted().toList();
    }
  }

  /** Each can be run, shows something, and says in its first lines how it is begun. */
  @ParameterizedTest
  @MethodSource("experiments")
  void isWhole(Path file) throws IOException {
    SweepSpec spec = SweepSpec.read(file.toString());
    assertThat(new TrialPlan(spec, List.of(), true).search()).isNotEmpty();
    assertThat(spec.figures()).isNotEmpty();
    String name = file.getFileName().toString().replace(".conf", "");
    assertThat(Files.readString(file))
        .contains(
            "#     deploy/lockstep sweep conf/experiments/%s.conf --data data/mnist --out sweeps/%s"
                .formatted(name, name));
  }
}
