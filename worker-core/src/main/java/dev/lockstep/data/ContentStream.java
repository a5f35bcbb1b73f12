package dev.lockstep.data;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The content of a byte source, read forwards and unzipped if it is gzip by its first two bytes.
 */
final class ContentStream implements Closeable {
  /** For what is read in small pieces; large pieces pass it by. */
  private static final int BUFFER_BYTES = 1 << 13;

  private static final int GZIP_BUFFER_BYTES = 1 << 16;

  /** As far as this, reading costs no more than opening a file anew further on. */
  private static final int NEAR_BYTES = 1 << 20;

  private static final int GZIP_MAGIC_0 = 0x1f;
  private static final int GZIP_MAGIC_1 = 0x8b;

  private final ByteSource source;
  private InputStream content;
  private final boolean compressed;
  private long position;

  private ContentStream(ByteSource source, InputStream content, boolean compressed) {
    this.source = source;
    this.content = content;
    this.compressed = compressed;
  }

  /**
   * Opens a source at its first byte of content.
   *
   * @throws DataException if it begins as gzip but is not
   */
  static ContentStream open(ByteSource source) throws IOException {
    InputStream stored = new BufferedInputStream(source.open(), BUFFER_BYTES);
    try {
      stored.mark(2);
      boolean compressed = stored.read() == GZIP_MAGIC_0 && stored.read() == GZIP_MAGIC_1;
      stored.reset();
      InputStream content = compressed ? unzip(source.name(), stored) : stored;
      return new ContentStream(source, content, compressed);
    } catch (IOException | RuntimeException e) {
      try (stored) {
        throw e;
      }
    }
  }

  private static InputStream unzip(String name, InputStream stored) throws IOException {
    try {
      return new GZIPInputStream(stored, GZIP_BUFFER_BYTES);
    } catch (EOFException e) {
      throw truncated(name, 0, e);
    } catch (ZipException e) {
      throw corrupt(name, 0, e);
    }
  }

  String name() {
    return source.name();
  }

  /** Whether the bytes are stored as gzip. */
  boolean isCompressed() {
    return compressed;
  }

  /** How many bytes of content have been read or skipped. */
  long position() {
    return position;
  }

  /** Reads the next {@code length} bytes, or as many as are left; answers how many. */
  int read(byte[] into, int length) throws IOException {
    try {
      int count = content.readNBytes(into, 0, length);
      position += count;
      return count;
    } catch (EOFException e) {
      if (compressed) {
        throw truncated(name(), position, e);
      }
      throw e;
    } catch (ZipException e) {
      throw corrupt(name(), position, e);
    }
  }

  /**
   * Goes forwards to a place in the content, at most its end; a plain file is opened again there,
   * since not every stream can skip without reading.
   */
  void skipTo(long place) throws IOException {
    if (compressed || place - position <= NEAR_BYTES) {
      discard(place - position);
    } else {
      content.close();
      content = source.open(place);
      position = place;
    }
  }

  /** How many bytes of content there are; gzip is run to its end for that. */
  long length() throws IOException {
    if (!compressed) {
      return source.length();
    }
    discard(Long.MAX_VALUE);
    return position;
  }

  private void discard(long length) throws IOException {
    byte[] discarded = new byte[BUFFER_BYTES];
    long left = length;
    while (left > 0) {
      int wanted = (int) Math.min(left, discarded.length);
      if (read(discarded, wanted) < wanted) {
        return;
      }
      left -= wanted;
    }
  }

  private static DataException truncated(String name, long position, EOFException cause) {
    return new DataException(
        "%s: the gzip data breaks off after at least %d bytes of content; fetch the file again"
            .formatted(name, position),
        cause);
  }

  private static DataException corrupt(String name, long position, ZipException cause) {
    return new DataException(
        "%s: the gzip data is corrupt after at least %d bytes of content (%s); fetch the file again"
            .formatted(name, position, cause.getMessage()),
        cause);
  }

  @Override
  public void close() throws IOException {
    content.close();
  }
}
