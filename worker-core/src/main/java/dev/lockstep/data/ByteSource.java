package dev.lockstep.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;

/** A stored sequence of bytes that can be read from its beginning any number of times. */
public interface ByteSource extends Serializable {
  /** Where the bytes are, as a user would write it. */
  String name();

  /** A new stream over all bytes as they are stored; the caller closes it. */
  InputStream open() throws IOException;

  /** How many bytes are stored. */
  long length() throws IOException;
}
