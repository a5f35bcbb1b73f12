package dev.lockstep.checkpoint;

import dev.lockstep.serialization.FormatException;
import dev.lockstep.serialization.Sha256;
import dev.lockstep.serialization.checkpoint.Part;
import dev.lockstep.storage.Storage;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashSet;
import java.util.Set;

/**
 * The parts of a run's checkpoints: files that are named by what is in them, so that two drivers
 * that write the same part write the same file, and nobody has to write it twice.
 */
final class Parts {
  private final Storage storage;

  /** Those that were found to be other than their names say: they are written anew. */
  private final Set<String> broken = new HashSet<>();

  Parts(Storage storage) {
    this.storage = storage;
  }

  /** The name of a part that has so many bytes of this SHA-256. */
  interface Naming {
    Part of(long length, String sha256);
  }

  /** What is done with the bytes of a part. */
  interface Reader<T> {
    T read(InputStream in) throws IOException;
  }

  static String path(String name) {
    return Checkpoints.DIRECTORY + "/" + name;
  }

  /** Writes a part, unless it is there; the content is asked twice, and gives the same bytes. */
  Part write(Naming naming, Storage.Content content) throws IOException {
    Measure measure = new Measure();
    content.writeTo(measure);
    Part part = naming.of(measure.length, measure.digest.hex());
    String path = path(part.name());
    boolean isThere =
        !broken.contains(part.name())
            && storage.exists(path)
            && storage.length(path) == part.length();
    if (!isThere) {
      storage.writeAtomically(path, content);
      broken.remove(part.name());
    }
    return part;
  }

  /**
   * Reads a part to its end.
   *
   * @throws FormatException if it is not what its name says
   */
  <T> T read(Part part, Reader<T> reader) throws IOException {
    try {
      return readWhole(part, reader);
    } catch (FormatException | IOException e) {
      broken.add(part.name());
      throw e;
    }
  }

  private <T> T readWhole(Part part, Reader<T> reader) throws IOException {
    String path = path(part.name());
    long length = storage.length(path);
    if (length != part.length()) {
      throw new FormatException(
          "%s has %d bytes, but its manifest says %d".formatted(path, length, part.length()));
    }
    Sha256 digest = new Sha256();
    try (InputStream in =
        new BufferedInputStream(new Digesting(storage.open(path), digest), 1 << 16)) {
      T value = reader.read(in);
      in.transferTo(OutputStream.nullOutputStream());
      if (!digest.hex().equals(part.sha256())) {
        throw new FormatException(path + " does not have the SHA-256 of its manifest");
      }
      return value;
    }
  }

  /** Takes the length and the digest of what is written to it. */
  private static final class Measure extends OutputStream {
    private final Sha256 digest = new Sha256();
    private long length;

    @Override
    public void write(int value) {
      write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int count) {
      digest.update(bytes, from, count);
      length += count;
    }
  }

  /** Digests what is read through it. */
  private static final class Digesting extends FilterInputStream {
    private final Sha256 digest;

    Digesting(InputStream in, Sha256 digest) {
      super(in);
      this.digest = digest;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int from, int count) throws IOException {
      int read = in.read(bytes, from, count);
      if (read > 0) {
        digest.update(bytes, from, read);
      }
      return read;
    }
  }
}
