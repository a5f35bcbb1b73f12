package dev.lockstep.fuzz;

import dev.lockstep.data.ByteSource;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A file that is in memory.
 *
 * @param name its name
 * @param bytes what it holds
 * @param isMapped whether it can be read as a mapped file is
 */
record BytesSource(String name, byte[] bytes, boolean isMapped) implements ByteSource {
  @Override
  public InputStream open() {
    return new ByteArrayInputStream(bytes);
  }

  @Override
  public Optional<ByteBuffer> map(long from, int length) {
    return isMapped
        ? Optional.of(ByteBuffer.wrap(bytes, Math.toIntExact(from), length).slice())
        : Optional.empty();
  }

  @Override
  public long length() {
    return bytes.length;
  }
}
