package dev.lockstep.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A stored sequence of bytes that can be read from its beginning any number of times. */
public interface ByteSource extends Serializable {
  /** Where the bytes are, as a user would write it. */
  String name();

  /** A new stream over all bytes as they are stored; the caller closes it. */
  InputStream open() throws IOException;

  /**
   * Bytes as they are stored, without a copy of them, if the storage can show them so. Whoever cuts
   * the file short meanwhile makes looking at them an {@link InternalError}.
   */
  default Optional<ByteBuffer> map(long from, int length) throws IOException {
    return Optional.empty();
  }

  /** How many bytes are stored. */
  long length() throws IOException;
}
