package dev.lockstep.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/** A file system of eight megabytes in memory, to be filled; only root can have one. */
final class SmallDisk {
  private static final int CHUNK = 4096;

  private SmallDisk() {}

  private static Path path(Ground ground) {
    return ground.directory().resolve("disk");
  }

  private static Path ballast(Ground ground) {
    return path(ground).resolve("ballast");
  }

  static Path mount(Ground ground) throws IOException, InterruptedException {
    Path path = Files.createDirectories(path(ground));
    int exit = call("mount", "-t", "tmpfs", "-o", "size=8m", "lockstep-faults", path.toString());
    Assumptions.assumeTrue(exit == 0, "a full disk was not seen: only root can mount a small one");
    return path;
  }

  /** Leaves not a byte. */
  static void fill(Ground ground) {
    try (OutputStream out = Files.newOutputStream(ballast(ground))) {
      byte[] chunk = new byte[CHUNK];
      while (true) {
        out.write(chunk);
      }
    } catch (IOException e) {
      assertThat(e).hasMessageContaining("No space left on device");
    }
  }

  static void empty(Ground ground) throws IOException {
    Files.delete(ballast(ground));
  }

  static void unmount(Ground ground) throws IOException, InterruptedException {
    if (Files.exists(path(ground))) {
      call("umount", path(ground).toString());
      Files.delete(path(ground));
    }
  }

  private static int call(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
