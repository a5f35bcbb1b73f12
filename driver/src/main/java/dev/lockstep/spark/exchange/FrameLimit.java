package dev.lockstep.spark.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.Set;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes a connection that declares a message larger than any it may bring, or of a kind that it
 * may not: before memory is taken for it. It stands where bytes have been decrypted and not yet cut
 * into messages. Spark's own decoder collects up to 2 GB of whatever is declared.
 *
 * <p>On the wire a message is its length in eight bytes, which counts these eight too, then the
 * byte of its kind.
 */
final class FrameLimit extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(FrameLimit.class);

  private final Set<Byte> kinds;
  private final LongSupplier largest;

  /** Bytes of the message that are to come, once its length is known. */
  private long left;

  private long length;
  private int lengthBytes;
  private boolean isAtKind;
  private boolean isRefused;

  /**
   * A limit for one connection.
   *
   * @param kinds of messages that it may bring
   * @param largest bytes of the largest message that it may bring now
   */
  FrameLimit(Set<Byte> kinds, LongSupplier largest) {
    this.kinds = kinds;
    this.largest = largest;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!isRefused && message instanceof ByteBuf bytes) {
      String refusal = refusal(bytes);
      if (refusal != null) {
        isRefused = true;
        LOG.warn("closed a connection from {}: {}", context.channel().remoteAddress(), refusal);
        ChannelFuture unused = context.close();
      }
    }
    if (isRefused) {
      ReferenceCountUtil.release(message);
    } else {
      context.fireChannelRead(message);
    }
  }

  /** Looks at the next bytes, which stay unread: what is wrong with them, or null. */
  private String refusal(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      if (isAtKind) {
        isAtKind = false;
        byte kind = bytes.getByte(at);
        if (!kinds.contains(kind)) {
          return "a message of kind %d: want %s".formatted(kind, kinds);
        }
      }
      if (left > 0) {
        int passed = (int) Math.min(left, end - at);
        left -= passed;
        at += passed;
      } else {
        length = length << Byte.SIZE | Byte.toUnsignedLong(bytes.getByte(at));
        at++;
        lengthBytes++;
        if (lengthBytes == Long.BYTES) {
          if (length <= Long.BYTES || length > largest.getAsLong()) {
            return "a message of %s bytes: want %d to %d"
                .formatted(Long.toUnsignedString(length), Long.BYTES + 1, largest.getAsLong());
          }
          left = length - Long.BYTES;
          isAtKind = true;
          length = 0;
          lengthBytes = 0;
        }
      }
    }
    return null;
  }
}
