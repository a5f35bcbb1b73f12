package dev.lockstep.data;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;

/** A byte source in memory, and the bytes of small IDX files. */
record StoredBytes(String name, byte[] bytes, long length) implements ByteSource {
  StoredBytes(String name, byte[] bytes) {
    this(name, bytes, bytes.length);
  }

  /** Like one of Hadoop's, it fails where its position would overflow. */
  @Override
  public InputStream open() {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized long skip(long n) {
        return super.skip(Math.addExact(pos, n) - pos);
      }
    };
  }

  /** An IDX file: the magic number and the sizes, then content that counts upwards from 0. */
  static byte[] idx(int content, int... header) {
    ByteBuffer file = ByteBuffer.allocate(Integer.BYTES * header.length + content);
    for (int word : header) {
      file.putInt(word);
    }
    for (int i = 0; i < content; i++) {
      file.put((byte) i);
    }
    return file.array();
  }

  static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream stored = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(stored)) {
      out.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return stored.toByteArray();
  }

  static byte[] cut(byte[] bytes, int length) {
    return Arrays.copyOf(bytes, length);
  }
}
