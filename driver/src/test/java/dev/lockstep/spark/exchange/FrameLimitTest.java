package dev.lockstep.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FrameLimitTest {
  private static final byte KIND = 3;
  private static final int LARGEST = 100;

  private final EmbeddedChannel channel =
      new EmbeddedChannel(new FrameLimit(Set.of(KIND), () -> LARGEST));

  /** A message whose declared length is of all its bytes. */
  private static ByteBuf message(int length, byte kind) {
    return Unpooled.buffer(length)
        .writeLong(length)
        .writeByte(kind)
        .writeZero(length - Long.BYTES - 1);
  }

  private boolean passes(ByteBuf bytes) {
    boolean unused = channel.writeInbound(bytes);
    ByteBuf passed = channel.readInbound();
    assertThat(passed != null).isEqualTo(channel.isOpen());
    return passed != null && passed.equals(bytes);
  }

  @Test
  void messagesPassAsTheyAre() {
    for (int length : new int[] {9, 50, LARGEST}) {
      assertThat(passes(message(length, KIND))).isTrue();
    }
  }

  @Test
  void aMessagePassesInPiecesOfAnyLength() {
    SplittableRandom random = new SplittableRandom(1);
    for (int round = 0; round < 200; round++) {
      ByteBuf two = Unpooled.wrappedBuffer(message(9 + round % 91, KIND), message(60, KIND));
      while (two.isReadable()) {
        assertThat(passes(two.readBytes(random.nextInt(1, 1 + two.readableBytes())))).isTrue();
      }
    }
    assertThat(passes(message(LARGEST + 1, KIND))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      longs = {Long.MIN_VALUE, -1, 0, 8, LARGEST + 1, Integer.MAX_VALUE, 1L << 31, Long.MAX_VALUE})
  void aLengthBeyondTheLimitEndsTheConnectionAtOnce(long length) {
    assertThat(passes(message(50, KIND))).isTrue();
    assertThat(passes(Unpooled.buffer().writeLong(length))).isFalse();
    assertThat(channel.isOpen()).isFalse();
  }

  @Test
  void anotherKindEndsTheConnection() {
    assertThat(passes(message(50, (byte) 10))).isFalse();
  }

  @Test
  void nothingPassesOfBytesWithARefusal() {
    ByteBuf bytes = Unpooled.wrappedBuffer(message(50, KIND), message(LARGEST + 1, KIND));
    assertThat(passes(bytes)).isFalse();
    assertThat(bytes.refCnt()).isZero();
  }
}
