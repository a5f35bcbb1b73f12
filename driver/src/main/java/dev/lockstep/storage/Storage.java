package dev.lockstep.storage;

import dev.lockstep.config.ConfigException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The files below a {@link Location}. Names are relative to it, with {@code /} between their parts;
 * the empty name is the location itself, be it a directory or a file. The message of an {@link
 * IOException} is one sentence with the place in it.
 */
public interface Storage {
  /** The most bytes that are ever read into memory as a whole. */
  int MAX_WHOLE = 1 << 27;

  /**
   * The storage of a location, chosen by its scheme.
   *
   * @throws ConfigException if nothing can serve the scheme here
   */
  static Storage at(Location location) {
    return location.isLocal() ? new LocalStorage(location) : HadoopStorage.at(location);
  }

  /** What names are relative to. */
  Location location();

  /** Whether only this machine sees the files. */
  boolean isLocal();

  /** A stream over a file; the caller closes it. */
  default InputStream open(String name) throws IOException {
    return open(name, 0);
  }

  /**
   * A stream over a file from some place on; the caller closes it.
   *
   * @param from at most the file's length; what stands before is not read
   */
  InputStream open(String name, long from) throws IOException;

  /**
   * A part of a file as memory; an {@link InternalError} meets those who look where the file has
   * since been cut off.
   *
   * @throws UnsupportedOperationException unless the storage is local
   */
  default ByteBuffer map(String name, long from, int length) throws IOException {
    throw new UnsupportedOperationException(location() + " is not local");
  }

  /** A stream into a new file, or over an old one; directories above it are created. */
  OutputStream create(String name) throws IOException;

  /**
   * Writes a whole file, over an old one if there is one. At every moment the file is the old one
   * or the new one, whole, even after a power cut; the old one stays if the content fails. (An
   * object store that cannot abandon a file half-way has neither then; a file system that cannot
   * replace a file in one act has, for a moment, the new one under another name alone.)
   *
   * <p>Where the file takes shape under another name, that name is there before the content is
   * asked for and {@linkplain #isLeftover can be told}; who deletes it meanwhile makes this fail.
   */
  void writeAtomically(String name, Content content) throws IOException;

  /** Whether a name is that of a file which {@link #writeAtomically} was cut off in, or is in. */
  boolean isLeftover(String name);

  /** Bytes of a file. */
  long length(String name) throws IOException;

  /** Whether there is such a file or directory. */
  boolean exists(String name) throws IOException;

  /** Whether there is such a directory. */
  boolean isDirectory(String name) throws IOException;

  /** The names in a directory, sorted. */
  List<String> list(String name) throws IOException;

  /** Deletes a file or an empty directory; nothing happens if there is none. */
  void deleteFile(String name) throws IOException;

  /** Creates a directory and those above it where they are missing. */
  void createDirectories(String name) throws IOException;

  /**
   * Checks, without touching anything, that files could be created here; a storage that cannot know
   * does nothing.
   *
   * @throws IOException if they cannot
   */
  default void checkWritable() throws IOException {}

  /**
   * Reads a whole file that is small: a configuration, a description, a file to check.
   *
   * @throws IOException if it is not there, or has more than {@value #MAX_WHOLE} bytes
   */
  default byte[] read(String name) throws IOException {
    try (InputStream in = open(name)) {
      byte[] bytes = in.readNBytes(MAX_WHOLE + 1);
      if (bytes.length > MAX_WHOLE) {
        throw new IOException(
            "cannot read %s: it has more than %d bytes, which no such file has"
                .formatted(location().resolve(name), MAX_WHOLE));
      }
      return bytes;
    }
  }

  /** What a file is to hold. */
  interface Content {
    /** Writes it; need not flush or close. */
    void writeTo(OutputStream out) throws IOException;
  }
}
