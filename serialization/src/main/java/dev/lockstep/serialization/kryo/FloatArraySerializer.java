package dev.lockstep.serialization.kryo;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import dev.lockstep.serialization.FloatChunk;
import dev.lockstep.serialization.FormatException;
import java.util.Arrays;

/**
 * A {@code float[]} as its length and its values in little-endian float32, copied in bulk.
 *
 * <p>An array that its stream cannot fill is a {@link FormatException}, not Kryo's underflow, which
 * Spark takes for the regular end of a stream; a length that lies costs no more memory than twice
 * what the stream holds, and {@value #FIRST_VALUES} values.
 */
public final class FloatArraySerializer extends Serializer<float[]> {
  private static final int FIRST_VALUES = 1 << 18;

  @Override
  public void write(Kryo kryo, Output output, float[] values) {
    output.writeVarInt(values.length, true);
    var chunk = new FloatChunk(values.length);
    for (int at = 0; at < values.length; ) {
      int count = chunk.turn(values.length - at);
      chunk.put(values, at, count);
      output.writeBytes(chunk.bytes(), 0, count * Float.BYTES);
      at += count;
    }
  }

  @Override
  public float[] read(Kryo kryo, Input input, Class<float[]> type) {
    int length = input.readVarInt(true);
    if (length < 0) {
      throw new FormatException("a float[] declares %d values; want 0 or more".formatted(length));
    }
    float[] values = new float[Math.min(length, certain(input))];
    var chunk = new FloatChunk(length);
    for (int at = 0; at < length; ) {
      int count = chunk.turn(length - at);
      if (!fill(input, chunk.bytes(), count * Float.BYTES)) {
        throw new FormatException(
            "a float[] declares %d values, but its stream ends before value %d"
                .formatted(length, at + count));
      }
      if (at + count > values.length) {
        values = Arrays.copyOf(values, (int) Math.min(length, Math.max(at + count, 2L * at)));
      }
      chunk.get(values, at, count);
      at += count;
    }
    return values;
  }

  @Override
  public float[] copy(Kryo kryo, float[] values) {
    return values.clone();
  }

  /** How many values to take memory for before any is read: what is there, or a first guess. */
  private static int certain(Input input) {
    int buffered = (input.limit() - input.position()) / Float.BYTES;
    return input.getInputStream() == null ? buffered : Math.max(buffered, FIRST_VALUES);
  }

  private static boolean fill(Input input, byte[] bytes, int count) {
    for (int at = 0; at < count; ) {
      int read = input.read(bytes, at, count - at);
      if (read < 0) {
        return false;
      }
      at += read;
    }
    return true;
  }
}
