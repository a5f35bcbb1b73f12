package dev.lockstep.serialization.kryo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.io.UnsafeInput;
import com.esotericsoftware.kryo.io.UnsafeOutput;
import com.sun.management.ThreadMXBean;
import dev.lockstep.serialization.FloatChunk;
import dev.lockstep.serialization.FormatException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FloatArraySerializerTest {
  private final FloatArraySerializer serializer = new FloatArraySerializer();
  private final Kryo kryo = KryoBytes.kryo();

  /** Bits of every kind, signalling NaNs among them. */
  private static float[] values(int length) {
    float[] values = new float[length];
    for (int i = 0; i < length; i++) {
      values[i] = Float.intBitsToFloat((i + 1) * 0x9E3779B1);
    }
    return values;
  }

  private static void assertSameBits(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(Float.floatToRawIntBits(actual[i]))
          .isEqualTo(Float.floatToRawIntBits(expected[i]));
    }
  }

  private byte[] write(float[] values) {
    var output = new Output(16, -1);
    serializer.write(kryo, output, values);
    return output.toBytes();
  }

  private float[] read(Input input) {
    return serializer.read(kryo, input, float[].class);
  }

  /** Only a declared length. */
  private static byte[] declare(int length) {
    var output = new Output(16, -1);
    output.writeVarInt(length, true);
    return output.toBytes();
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        0,
        1,
        63,
        FloatChunk.MAX_VALUES - 1,
        FloatChunk.MAX_VALUES,
        FloatChunk.MAX_VALUES + 1,
        (1 << 18) + 1,
        700_001
      })
  void keepsEveryBit(int length) {
    float[] values = values(length);
    byte[] bytes = write(values);
    assertSameBits(read(new Input(bytes)), values);
    assertSameBits(read(new UnsafeInput(bytes)), values);
    assertSameBits(read(new Input(new ByteArrayInputStream(bytes))), values);
    assertSameBits(read(new UnsafeInput(new ByteArrayInputStream(bytes))), values);
  }

  @Test
  void writesTheSameBytesToEveryOutput() {
    float[] values = values(40_000);
    byte[] expected = write(values);
    var stream = new ByteArrayOutputStream();
    try (var output = new UnsafeOutput(stream, 100)) {
      serializer.write(kryo, output, values);
    }
    assertThat(stream.toByteArray()).isEqualTo(expected);
  }

  @Test
  void isLengthThenLittleEndian() {
    assertThat(write(new float[] {1, -2})).containsExactly(2, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0);
  }

  @Test
  void readsWhatIsItsOwnAndNoMore() {
    byte[] bytes = Arrays.copyOf(write(values(3)), 14);
    bytes[13] = 77;
    var input = new Input(bytes);
    read(input);
    assertThat(input.readByte()).isEqualTo((byte) 77);
  }

  @Test
  void refusesANegativeLength() {
    assertThatThrownBy(() -> read(new Input(declare(-1))))
        .isInstanceOf(FormatException.class)
        .hasMessage("a float[] declares -1 values; want 0 or more");
  }

  @Test
  void refusesAnArrayThatIsCutShort() {
    byte[] bytes = Arrays.copyOf(write(values(5)), 20);
    String sentence = "a float[] declares 5 values, but its stream ends before value 5";
    assertThatThrownBy(() -> read(new Input(bytes)))
        .isInstanceOf(FormatException.class)
        .hasMessage(sentence);
    assertThatThrownBy(() -> read(new Input(new ByteArrayInputStream(bytes))))
        .isInstanceOf(FormatException.class)
        .hasMessage(sentence);
  }

  @Test
  void takesNoMemoryForALengthThatLies() {
    var memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    byte[] bytes = Arrays.copyOf(declare(Integer.MAX_VALUE), 100_000);
    long before = memory.getCurrentThreadAllocatedBytes();
    assertThatThrownBy(() -> read(new Input(bytes))).isInstanceOf(FormatException.class);
    assertThatThrownBy(() -> read(new Input(new ByteArrayInputStream(bytes))))
        .isInstanceOf(FormatException.class);
    assertThat(memory.getCurrentThreadAllocatedBytes() - before).isLessThan(8 << 20);
  }

  @Test
  void copiesTheArray() {
    float[] values = values(3);
    float[] copy = kryo.copy(values);
    assertThat(copy).isNotSameAs(values);
    assertSameBits(copy, values);
  }
}
