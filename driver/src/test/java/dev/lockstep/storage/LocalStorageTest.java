package dev.lockstep.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class LocalStorageTest extends StorageContractTest {
  @Override
  String uri(Path directory) {
    return directory.toString();
  }

  @Test
  void fileUrisAreTheSameFiles() throws IOException {
    Files.writeString(directory.resolve("a b"), "x");
    Storage storage = Storage.at(new Location(directory.toUri().toString()));
    assertThat(storage.isLocal()).isTrue();
    assertThat(storage.list("")).containsExactly("a b");
    assertThat(storage.length("a b")).isEqualTo(1);
  }

  @Test
  void linksToDirectoriesAreDirectories() throws IOException {
    Files.createDirectory(directory.resolve("real"));
    Files.createSymbolicLink(directory.resolve("link"), directory.resolve("real"));
    Storage storage = Storage.at(new Location(directory.toString()));
    storage.createDirectories("link");
    storage.writeAtomically("link/a", out -> out.write(7));
    assertThat(directory.resolve("real/a")).hasBinaryContent(new byte[] {7});
  }

  @Test
  void anArrayOfAnySizeIsWrittenWithoutACopyOfItOutsideOfTheHeap() throws IOException {
    byte[] large = new byte[16 << 20];
    large[large.length - 1] = 7;
    Storage storage = Storage.at(new Location(directory.toString()));
    long before = directMemory();
    storage.writeAtomically("a", out -> out.write(large));
    try (OutputStream out = storage.create("b")) {
      out.write(large);
    }
    assertThat(directMemory() - before).isLessThan(1 << 20);
    assertThat(directory.resolve("a")).hasBinaryContent(large);
    assertThat(directory.resolve("b")).hasBinaryContent(large);
  }

  private static long directMemory() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getMemoryUsed)
        .sum();
  }

  @Test
  void aFileThatNeverEndsIsNotReadAsAWhole() {
    Storage storage = Storage.at(new Location("/dev/zero"));
    assertThatThrownBy(() -> storage.read(""))
        .isInstanceOf(IOException.class)
        .hasMessage(
            "cannot read /dev/zero: it has more than 134217728 bytes, which no such file has");
  }
}
