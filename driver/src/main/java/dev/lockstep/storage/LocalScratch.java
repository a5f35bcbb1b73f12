package dev.lockstep.storage;

import dev.lockstep.data.ScratchFile;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A file of this machine without a name: it is gone when nothing maps it any more, and so with the
 * JVM however that ends. It lies where Spark's own scratch lies.
 *
 * <p>It is written by calls and only read through maps, because a disk that is full is an {@link
 * IOException} to the one and the death of the JVM to the other.
 */
public final class LocalScratch implements ScratchFile {
  private final Path directory;
  private final FileChannel channel;

  private LocalScratch(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /** Creates an empty one, in any of the directories where there are several. */
  public static LocalScratch create() throws IOException {
    List<Path> directories = directories();
    Path directory = directories.get(ThreadLocalRandom.current().nextInt(directories.size()));
    try {
      Files.createDirectories(directory);
      Path file = directory.resolve("lockstep-" + UUID.randomUUID());
      return new LocalScratch(
          directory,
          FileChannel.open(
              file,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              // On a disk of POSIX it is deleted here and now, and lives on without a name.
              StandardOpenOption.DELETE_ON_CLOSE));
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  /** Spark's own rule: what the cluster gave this process goes before what is configured. */
  private static List<Path> directories() {
    String listed =
        Stream.of("SPARK_EXECUTOR_DIRS", "LOCAL_DIRS", "SPARK_LOCAL_DIRS")
            .map(System::getenv)
            .filter(value -> value != null && !value.isBlank())
            .findFirst()
            .orElseGet(
                () -> System.getProperty("spark.local.dir", System.getProperty("java.io.tmpdir")));
    return Stream.of(listed.split("[,%s]".formatted(File.pathSeparator), -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .map(Path::of)
        .toList();
  }

  @Override
  public void write(ByteBuffer bytes, long at) throws IOException {
    try {
      long next = at;
      while (bytes.hasRemaining()) {
        next += channel.write(bytes, next);
      }
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  @Override
  public ByteBuffer map(long from, int length) throws IOException {
    try {
      return channel.map(FileChannel.MapMode.READ_ONLY, from, length);
    } catch (IOException e) {
      throw failed(directory, e);
    }
  }

  private static IOException failed(Path directory, IOException e) {
    return new IOException(
        "cannot keep examples in a file of %s: %s; spark.local.dir names another directory"
            .formatted(directory, PathStorage.firstLine(e)),
        e);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
