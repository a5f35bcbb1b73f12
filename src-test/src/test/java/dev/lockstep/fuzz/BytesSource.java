package dev.lockstep.fuzz;

import dev.lockstep.data.ByteSource;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * A file that is in memory.
 *
 * @param name its name
 * @param bytes what it holds
 * @param isMappable whether it can be read as a mapped file is
 */
record BytesSource(String name, byte[] bytes, boolean isMappable) implements ByteSource {
  @Override
  public InputStream open() {
    return new ByteArrayInputStream(bytes);
  }

  @Override
  public ByteBuffer map(long from, int length) {
    return ByteBuffer.wrap(bytes, Math.toIntExact(from), length).slice();
  }

  @Override
  public long length() {
    return bytes.length;
  }
}
