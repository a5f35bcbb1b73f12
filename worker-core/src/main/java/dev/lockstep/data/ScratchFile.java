package dev.lockstep.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A file for what finds no room in memory. Threads may share it. What it maps outlives it. */
public interface ScratchFile extends Closeable {
  /** Writes all that a buffer has left to some place. */
  void write(ByteBuffer bytes, long at) throws IOException;

  /** A part of the file, to be read as memory. */
  ByteBuffer map(long from, int length) throws IOException;
}
