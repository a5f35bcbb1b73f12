package dev.lockstep.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.spark.exchange.Frame.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameTest {
  private static ByteBuffer body(int... bytes) {
    ByteBuffer body = ByteBuffer.allocate(bytes.length).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(bytes).forEach(b -> body.put((byte) b));
    return body.flip();
  }

  @ParameterizedTest
  @EnumSource
  void headsReadBackAsWritten(Kind kind) {
    Frame head = new Frame(kind, -1L, Integer.MAX_VALUE, -3, 1L << 40);
    ByteBuffer frame = head.begin(4).putInt(99).flip();
    assertThat(Frame.read(frame)).isEqualTo(head);
    assertThat(frame.getInt()).isEqualTo(99);
    assertThat(frame.hasRemaining()).isFalse();
  }

  @Test
  void headsHaveTheseBytes() {
    byte[] bytes = new Frame(Kind.SUMS, 0x0102030405060708L, 9, 10, 11).begin(0).array();
    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo("03" + "0807060504030201" + "09000000" + "0a000000" + "0b00000000000000");
  }

  @Test
  void refusesAShortFrame() {
    byte[] head = new Frame(Kind.JOIN, 1, 2, 3, 4).begin(0).array();
    for (int length = 0; length < Frame.SIZE; length++) {
      ByteBuffer frame = ByteBuffer.wrap(Arrays.copyOf(head, length));
      assertThatThrownBy(() -> Frame.read(frame))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a frame of %d bytes: want at least 25".formatted(frame.capacity()));
    }
  }

  @ParameterizedTest
  @ValueSource(bytes = {0, 10, -1, 127})
  void refusesAnUnknownKind(byte kind) {
    ByteBuffer frame = new Frame(Kind.JOIN, 1, 2, 3, 4).begin(0).put(0, kind).flip();
    assertThatThrownBy(() -> Frame.read(frame))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a frame of unknown kind " + kind);
  }

  @Test
  void textAndAddressesReadBackAsWritten() {
    Address address = new Address("höst", 65_535);
    ByteBuffer body = ByteBuffer.allocate(Frame.sizeOf("") + Frame.sizeOf(address));
    Frame.putText(body.order(ByteOrder.LITTLE_ENDIAN), "");
    Frame.putAddress(body, address);
    assertThat(body.hasRemaining()).isFalse();
    body.flip();
    assertThat(Frame.getText(body)).isEmpty();
    assertThat(Frame.getAddress(body)).isEqualTo(address);
    Frame.checkEnd(body);
  }

  @Test
  void floatsReadBackInBits() {
    float[] values = {0, -0f, Float.intBitsToFloat(0x7f800001), 1};
    ByteBuffer body = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
    Frame.putFloats(body, values, 1, 3);
    float[] back = new float[5];
    Frame.getFloats(body.flip(), back, 2, 3);
    for (int i = 0; i < 3; i++) {
      assertThat(Float.floatToRawIntBits(back[2 + i]))
          .isEqualTo(Float.floatToRawIntBits(values[1 + i]));
    }
    assertThat(body.hasRemaining()).isFalse();
  }

  @Test
  void refusesCountsThatTheBodyCannotHold() {
    assertThatThrownBy(() -> Frame.getText(body(3, 0, 0, 0, 'a', 'b')))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a frame declares 3 items of 1 bytes, but has 2 bytes left");
    assertThatThrownBy(() -> Frame.getText(body(0xff, 0xff, 0xff, 0xff)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a frame declares -1 items of 1 bytes, but has 0 bytes left");
    assertThatThrownBy(() -> Frame.getText(body(1, 0, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a frame declares 1 items of 4 bytes, but has 3 bytes left");
    assertThatThrownBy(() -> Frame.getAddress(body(1, 0, 0, 0, 'a', 1, 0, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a frame declares 1 items of 4 bytes, but has 3 bytes left");
    // 2^30 items of 8 bytes are 0 bytes in an int.
    assertThatThrownBy(() -> Frame.getCount(body(0, 0, 0, 0x40), 8))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a frame declares 1073741824 items of 8 bytes, but has 0 bytes left");
    assertThatThrownBy(() -> Frame.getFloats(body(1, 2, 3), new float[1], 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a frame declares 1 items of 4 bytes, but has 3 bytes left");
  }

  @Test
  void refusesABodyThatNoFrameHolds() {
    assertThatThrownBy(() -> new Frame(Kind.SUMS, 1, 2, 3, 4).begin(3L << 30))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a SUMS frame of 3072 MB: one holds less than 2048 MB; use more executors, so that each"
                + " owns a smaller part");
  }

  @Test
  void refusesABodyThatGoesOn() {
    assertThatThrownBy(() -> Frame.checkEnd(body(0, 0)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a frame has 2 bytes more than it declares");
  }
}
