package dev.lockstep.serialization;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;

/**
 * A reusable piece of bytes through which float arrays pass as little-endian float32, in bulk and
 * bit for bit (NaN payloads too). For one thread.
 */
public final class FloatChunk {
  /** The most values that a chunk holds. */
  public static final int MAX_VALUES = 1 << 14;

  private final byte[] bytes;
  private final FloatBuffer floats;

  /** A chunk fit for arrays of {@code values} values: that long, or {@value #MAX_VALUES}. */
  public FloatChunk(int values) {
    bytes = new byte[Math.min(values, MAX_VALUES) * Float.BYTES];
    floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  /** The bytes themselves, not a copy. */
  public byte[] bytes() {
    return bytes;
  }

  /** How many of {@code remaining} values pass in one turn. */
  public int turn(int remaining) {
    return Math.min(remaining, floats.capacity());
  }

  /** Sets the first {@code 4 * count} bytes from {@code values[from, from + count)}. */
  public void put(float[] values, int from, int count) {
    floats.put(0, values, from, count);
  }

  /** Sets {@code values[from, from + count)} from the first {@code 4 * count} bytes. */
  public void get(float[] values, int from, int count) {
    floats.get(0, values, from, count);
  }
}
