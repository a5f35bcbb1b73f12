package dev.lockstep.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What fuzzing begins from, and inputs that must be refused: those made by hand to hurt, and those
 * that fuzzing has found.
 */
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

  @ParameterizedTest
  @EnumSource
  void whatIsCutAnywhereIsAcceptedOrClearlyRefused(FuzzTarget target) throws IOException {
    for (byte[] seed : target.seeds()) {
      int step = 1 + seed.length / 500;
      for (int length = 0; length < seed.length; length += step) {
        byte[] cut = Arrays.copyOf(seed, length);
        Throwable error = catchThrowable(() -> target.parse(cut));
        assertThat(error == null || target.isRefusal(error))
            .as("%s cut to %d bytes: %s", target.id(), length, error)
            .isTrue();
      }
    }
  }

  static Stream<Refused> refused() throws IOException, URISyntaxException {
    URL corpus = CorpusTest.class.getResource("refused");
    try (Stream<Path> files = Files.walk(Path.of(corpus.toURI()))) {
      List<Path> all = files.filter(Files::isRegularFile).sorted().toList();
      return all.stream().map(Refused::new);
    }
  }

  /** A file below the directory of its target. */
  record Refused(Path file) {
    FuzzTarget target() {
      return FuzzTarget.of(file.getParent().getFileName().toString());
    }

    @Override
    public String toString() {
      return target().id() + "/" + file.getFileName();
    }
  }

  @ParameterizedTest
  @MethodSource("refused")
  void hostileBytesAreClearlyRefused(Refused refused) throws IOException {
    byte[] input = Files.readAllBytes(refused.file());
    Throwable error = catchThrowable(() -> refused.target().parse(input));
    assertThat(refused.target().isRefusal(error)).as("%s: %s", refused, error).isTrue();
  }
}
