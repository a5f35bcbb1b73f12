package dev.lockstep.storage;

import java.io.BufferedOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** Files of this machine, through java.nio. */
final class LocalStorage extends PathStorage<Path> {
  /** Large enough for the disk, and small enough to be kept. */
  private static final int PIECE_BYTES = 1 << 16;

  private final Path root;

  LocalStorage(Location location) {
    super(location);
    this.root = location.path();
  }

  @Override
  public boolean isLocal() {
    return true;
  }

  @Override
  public InputStream open(String name, long from) throws IOException {
    return attempt(
        "read",
        name,
        path -> {
          if (Files.isDirectory(path)) {
            throw new FileSystemException(path.toString(), null, "it is a directory");
          }
          return Channels.newInputStream(Files.newByteChannel(path).position(from));
        });
  }

  @Override
  public ByteBuffer map(String name, long from, int length) throws IOException {
    return attempt(
        "read",
        name,
        path -> {
          try (FileChannel file = FileChannel.open(path)) {
            if (file.size() < from + length) {
              throw new FileSystemException(path.toString(), null, "it was cut short");
            }
            return file.map(FileChannel.MapMode.READ_ONLY, from, length);
          }
        });
  }

  @Override
  public OutputStream create(String name) throws IOException {
    return attempt(
        "write",
        name,
        path -> {
          createParent(path);
          return new InPieces(Files.newOutputStream(path));
        });
  }

  @Override
  public void writeAtomically(String name, Content content) throws IOException {
    attempt(
        "write",
        name,
        path -> {
          createParent(path);
          Path parent = parent(path);
          Path temporary = parent.resolve(temporaryName(path.getFileName().toString()));
          try {
            writeAndForce(temporary, content);
            Files.move(
                temporary,
                path,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
          } finally {
            Files.deleteIfExists(temporary);
          }
          // The new name itself must survive a power cut too.
          try (FileChannel directory = FileChannel.open(parent, StandardOpenOption.READ)) {
            directory.force(true);
          }
          return path;
        });
  }

  private static void writeAndForce(Path path, Content content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      OutputStream out = new BufferedOutputStream(new InPieces(Channels.newOutputStream(channel)));
      content.writeTo(out);
      out.flush();
      channel.force(true);
    }
  }

  /**
   * Passes large arrays on in pieces. A channel copies what it is given at once to memory outside
   * of the heap, and the JDK keeps that for the thread: as much as its largest array ever took.
   */
  private static final class InPieces extends FilterOutputStream {
    InPieces(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int from, int count) throws IOException {
      for (int done = 0; done < count; done += PIECE_BYTES) {
        out.write(bytes, from + done, Math.min(PIECE_BYTES, count - done));
      }
    }
  }

  @Override
  public long length(String name) throws IOException {
    return attempt("read", name, Files::size);
  }

  @Override
  public boolean exists(String name) {
    return Files.exists(path(name));
  }

  @Override
  public boolean isDirectory(String name) {
    return Files.isDirectory(path(name));
  }

  @Override
  public List<String> list(String name) throws IOException {
    return attempt(
        "list",
        name,
        path -> {
          try (Stream<Path> files = Files.list(path)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
          }
        });
  }

  @Override
  public void deleteFile(String name) throws IOException {
    attempt("delete", name, Files::deleteIfExists);
  }

  @Override
  public void createDirectories(String name) throws IOException {
    attempt("create", name, Files::createDirectories);
  }

  @Override
  public void checkWritable() throws IOException {
    attempt(
        "write",
        "",
        path -> {
          Path there = path.toAbsolutePath();
          while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
          }
          if (!Files.isDirectory(there)) {
            throw new FileSystemException(path.toString(), null, there + ": Not a directory");
          }
          if (!Files.isWritable(there)) {
            throw new AccessDeniedException(there.toString());
          }
          return there;
        });
  }

  @Override
  Path path(String name) {
    return name.isEmpty() ? root : root.resolve(name);
  }

  private static Path parent(Path path) {
    Path parent = path.toAbsolutePath().getParent();
    return parent == null ? path.toAbsolutePath() : parent;
  }

  private static void createParent(Path path) throws IOException {
    Path parent = parent(path);
    // A link to a directory is one, though createDirectories refuses it.
    if (!Files.isDirectory(parent)) {
      Files.createDirectories(parent);
    }
  }

  @Override
  String reason(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "it does not exist";
    }
    if (e instanceof AccessDeniedException) {
      return "this user has no permission";
    }
    if (e instanceof NotDirectoryException) {
      return "it is no directory";
    }
    if (e instanceof DirectoryNotEmptyException) {
      return "it is a directory with files in it";
    }
    if (e instanceof FileAlreadyExistsException exists) {
      return exists.getFile() + " is no directory";
    }
    if (e instanceof FileSystemException other) {
      return other.getReason() == null ? other.toString() : other.getReason();
    }
    return firstLine(e);
  }
}
