package dev.lockstep.serialization;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class Sha256Test {
  /** FIPS 180-2, appendix B.1. */
  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  private static final String NOTHING =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  @Test
  void hashesBytes() {
    assertThat(Sha256.of("abc".getBytes(US_ASCII))).isEqualTo(ABC);
    assertThat(Sha256.of(new byte[0])).isEqualTo(NOTHING);
    assertThat(Sha256.of(new float[0])).isEqualTo(NOTHING);
  }

  @Test
  void hashesFloatsAsLittleEndianFloat32() {
    float[] values = new float[3 * FloatChunk.MAX_VALUES + 5];
    ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 0.37f - 11;
      bytes.putFloat(values[i]);
    }
    assertThat(Sha256.of(values)).isEqualTo(Sha256.of(bytes.array()));
  }

  @Test
  void isTheSameInPieces() {
    float[] values = {1, 2, 3, 4, 5};
    var sha256 = new Sha256().update(values, 0, 2).update(values, 2, 2).update(values, 2, 5);
    assertThat(sha256.hex()).isEqualTo(Sha256.of(values));
  }

  @Test
  void beginsAnewAfterHex() {
    var sha256 = new Sha256();
    sha256.update("xyz".getBytes(US_ASCII)).hex();
    assertThat(sha256.update("abc".getBytes(US_ASCII)).hex()).isEqualTo(ABC);
  }

  @Test
  void refusesARangeOutsideTheArray() {
    assertThatThrownBy(() -> new Sha256().update(new float[3], 1, 4))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessageContaining("[1, 4)");
  }
}
