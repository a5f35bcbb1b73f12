package dev.lockstep.serialization;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;

/** A running SHA-256 of bytes and of floats, which count as little-endian float32. */
public final class Sha256 {
  private final MessageDigest digest;

  public Sha256() {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256, but this one", e);
    }
  }

  /** The hash of an array. */
  public static String of(byte[] bytes) {
    return new Sha256().update(bytes).hex();
  }

  /** The hash of an array as little-endian float32. */
  public static String of(float[] values) {
    return new Sha256().update(values, 0, values.length).hex();
  }

  /** Adds bytes. */
  public Sha256 update(byte[] bytes) {
    return update(bytes, 0, bytes.length);
  }

  /** Adds {@code length} bytes from {@code from} on. */
  public Sha256 update(byte[] bytes, int from, int length) {
    digest.update(bytes, from, length);
    return this;
  }

  /** Adds {@code values[from, to)}. */
  public Sha256 update(float[] values, int from, int to) {
    Objects.checkFromToIndex(from, to, values.length);
    var chunk = new FloatChunk(to - from);
    for (int at = from; at < to; ) {
      int count = chunk.turn(to - at);
      chunk.put(values, at, count);
      digest.update(chunk.bytes(), 0, count * Float.BYTES);
      at += count;
    }
    return this;
  }

  /** The hash of all that was added, in 64 lower-case digits; then begins anew. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }
}
