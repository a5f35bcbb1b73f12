package dev.lockstep.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfEnvironmentVariable;
import org.junit.jupiter.api.io.TempDir;

@DisabledIfEnvironmentVariable(named = "SPARK_LOCAL_DIRS", matches = ".+")
final class LocalScratchTest {
  private static final String DIRECTORY = "spark.local.dir";

  @TempDir Path directory;

  @BeforeEach
  void nameDirectory() {
    System.setProperty(DIRECTORY, directory.resolve("scratch").toString());
  }

  @AfterEach
  void forgetDirectory() {
    System.clearProperty(DIRECTORY);
  }

  @Test
  void whatIsWrittenIsMappedAndHasNoName() throws IOException {
    ByteBuffer map;
    try (LocalScratch scratch = LocalScratch.create()) {
      scratch.write(ByteBuffer.wrap(new byte[] {5, 6}), 3);
      scratch.write(ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
      map = scratch.map(1, 4);
      assertThat(directory.resolve("scratch")).isEmptyDirectory();
    }
    byte[] bytes = new byte[4];
    map.get(bytes);
    assertThat(bytes).containsExactly(2, 3, 5, 6);
  }

  @Test
  void aDirectoryThatCannotBeIsNamed() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    System.setProperty(DIRECTORY, file.toString());
    assertThatThrownBy(LocalScratch::create)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("cannot keep examples in a file of %s: ", file)
        .hasMessageEndingWith("spark.local.dir names another directory");
  }
}
