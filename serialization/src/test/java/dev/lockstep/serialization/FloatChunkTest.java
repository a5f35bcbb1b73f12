package dev.lockstep.serialization;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FloatChunkTest {
  @Test
  void isLittleEndianFloat32() {
    var chunk = new FloatChunk(2);
    chunk.put(new float[] {9, 1, -2}, 1, 2);
    assertThat(chunk.bytes()).containsExactly(0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0);
  }

  @Test
  void keepsEveryBit() {
    int[] bits = {0, 0x80000000, 1, 0x7f7fffff, 0x7f800000, 0x7f800001, 0xffc12345, 0x7fffffff};
    float[] values = new float[bits.length];
    for (int i = 0; i < bits.length; i++) {
      values[i] = Float.intBitsToFloat(bits[i]);
    }
    var chunk = new FloatChunk(values.length);
    chunk.put(values, 0, values.length);
    float[] back = new float[values.length + 1];
    chunk.get(back, 1, values.length);
    for (int i = 0; i < bits.length; i++) {
      assertThat(Float.floatToRawIntBits(back[i + 1]))
          .isEqualTo(Float.floatToRawIntBits(values[i]));
    }
  }

  @Test
  void isNeverLongerThanNeeded() {
    assertThat(new FloatChunk(3).bytes()).hasSize(12);
    assertThat(new FloatChunk(Integer.MAX_VALUE).bytes()).hasSize(4 * FloatChunk.MAX_VALUES);
    assertThat(new FloatChunk(0).turn(0)).isZero();
  }
}
