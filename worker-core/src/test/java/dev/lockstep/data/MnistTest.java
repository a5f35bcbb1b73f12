package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reads the real MNIST from the directory that the system property lockstep.mnist names. */
class MnistTest {
  private static final String DIRECTORY = System.getProperty("lockstep.mnist", "(unset)");

  @Test
  void trainingSet() throws IOException {
    DataSummary summary = DataSummary.of(open("train"));
    assertThat(summary.examples()).isEqualTo(60_000);
    assertThat(summary.shape()).containsExactly(28, 28);
    assertThat(summary.classCounts())
        .isEqualTo(List.of(5923L, 6742L, 5958L, 6131L, 5842L, 5421L, 5918L, 6265L, 5851L, 5949L));
    assertThat(summary.maxPixel()).isEqualTo(255);
    assertThat(summary.meanPixel() / 255).isBetween(0.13065, 0.13067);
  }

  @Test
  void testSet() throws IOException {
    DataSummary summary = DataSummary.of(open("t10k"));
    assertThat(summary.examples()).isEqualTo(10_000);
    assertThat(summary.classCounts())
        .isEqualTo(List.of(980L, 1135L, 1032L, 1010L, 982L, 892L, 958L, 1028L, 974L, 1009L));
  }

  private static IdxSource open(String prefix) throws IOException {
    Path directory = Path.of(DIRECTORY);
    assumeTrue(Files.isDirectory(directory), "MNIST is not at lockstep.mnist = " + DIRECTORY);
    return IdxSource.open(
        DIRECTORY,
        new PathBytes(directory.resolve(prefix + "-images-idx3-ubyte.gz").toString()),
        new PathBytes(directory.resolve(prefix + "-labels-idx1-ubyte.gz").toString()));
  }

  private record PathBytes(String name) implements ByteSource {
    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(Path.of(name));
    }

    @Override
    public long length() throws IOException {
      return Files.size(Path.of(name));
    }
  }
}
