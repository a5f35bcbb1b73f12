package dev.lockstep.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What fuzzing begins from, and what it has found. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CorpusTest {
  @ParameterizedTest
  @EnumSource
  void seedsAreAccepted(FuzzTarget target) throws IOException {
    assertThat(target.seeds()).isNotEmpty();
    for (byte[] seed : target.seeds()) {
      target.parse(seed);
    }
  }

  /** A seed with its last byte gone, or another in the place of its first, is no such input. */
  @ParameterizedTest
  @EnumSource
  void whatIsCutAnywhereIsAcceptedOrClearlyRefused(FuzzTarget target) throws IOException {
    for (byte[] seed : target.seeds()) {
      int step = 1 + seed.length / 500;
      for (int length = 0; length < seed.length; length += step) {
        byte[] cut = java.util.Arrays.copyOf(seed, length);
        Throwable error = catchThrowable(() -> target.parse(cut));
        assertThat(error == null || target.isRefusal(error))
            .as("%s cut to %d bytes: %s", target.id(), length, error)
            .isTrue();
      }
    }
  }

  static Stream<Finding> findings() throws IOException, URISyntaxException {
    URL corpus = CorpusTest.class.getResource("findings");
    try (Stream<Path> files = Files.walk(Path.of(corpus.toURI()))) {
      List<Path> all = files.filter(Files::isRegularFile).sorted().toList();
      return all.stream().map(Finding::new);
    }
  }

  /** A file below the directory of its target. */
  record Finding(Path file) {
    FuzzTarget target() {
      return FuzzTarget.of(file.getParent().getFileName().toString());
    }

    @Override
    public String toString() {
      return target().id() + "/" + file.getFileName();
    }
  }

  @ParameterizedTest
  @MethodSource("findings")
  void findingsAreClearlyRefused(Finding finding) throws IOException {
    byte[] input = Files.readAllBytes(finding.file());
    Throwable error = catchThrowable(() -> finding.target().parse(input));
    assertThat(finding.target().isRefusal(error)).as("%s: %s", finding, error).isTrue();
  }
}
