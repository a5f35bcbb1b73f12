package dev.lockstep.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;

/** A stored sequence of bytes that can be read from its beginning any number of times. */
public interface ByteSource extends Serializable {
  /** Where the bytes are, as a user would write it. */
  String name();

  /** A new stream over all bytes as they are stored; the caller closes it. */
  InputStream open() throws IOException;

  /**
   * A new stream over the bytes from some place on; the caller closes it.
   *
   * @param from at most {@link #length}; what stands before is not read, if that can be
   */
  default InputStream open(long from) throws IOException {
    InputStream in = open();
    try {
      in.skipNBytes(from);
      return in;
    } catch (IOException e) {
      try (in) {
        throw e;
      }
    }
  }

  /** Whether {@link #map} shows bytes. */
  default boolean isMappable() {
    return false;
  }

  /**
   * Bytes as they are stored, without a copy of them. Whoever cuts the file short meanwhile makes
   * looking at them an {@link InternalError}.
   *
   * @throws UnsupportedOperationException unless the source {@linkplain #isMappable is mappable}
   */
  default ByteBuffer map(long from, int length) throws IOException {
    throw new UnsupportedOperationException(name() + " cannot be mapped");
  }

  /** How many bytes are stored. */
  long length() throws IOException;
}
