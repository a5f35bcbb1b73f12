package dev.lockstep.spark.exchange;

import dev.lockstep.engine.StepRecord;
import dev.lockstep.gradient.NoiseSample;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The head of every frame: who sends what for which moment. A frame for another run, attempt or
 * step is refused.
 *
 * @param kind what follows
 * @param run a random number of the engine
 * @param attempt counts the rounds that an engine has begun
 * @param sender a rank, or the place of a JVM in the table
 * @param step the step (from 0); 0 where it has no meaning
 */
record Frame(Kind kind, long run, int attempt, int sender, long step) {
  /** Bytes of a head. */
  static final int SIZE = 1 + Long.BYTES + Integer.BYTES + Integer.BYTES + Long.BYTES;

  /** The most bytes behind a head; Spark's transport adds a little to a frame. */
  private static final long MAX_BODY = Integer.MAX_VALUE - 1024;

  /** Bytes of a step in a body. */
  static final int STEP_BYTES = 2 * Long.BYTES + 5 * Double.BYTES;

  enum Kind {
    /** A rank tells the driver where it is; answered with the table of all ranks. */
    JOIN(1),
    /** A rank tells the driver why it gives up. */
    FAILED(2),
    /** Sums of nodes for the slices of the receiver. */
    SUMS(3),
    /** Updated slices of the sender. */
    PARAMETERS(4),
    /** A rank tells the driver of a step. */
    STEP(5),
    /** A rank tells the driver that it was interrupted; Spark knows why. */
    INTERRUPTED(6),
    /** A rank brings the driver slices of the state at the end of a round. */
    SLICES(7),
    /** A rank has done its round; answered with the steps of the next one. */
    DONE(8),
    /** Squares of the mean gradient over the slices of the sender. */
    SQUARES(9);

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }

    private static Kind of(byte code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IllegalArgumentException("a frame of unknown kind " + code);
    }
  }

  /** A little-endian buffer that begins with this head and has room for {@code body} bytes more. */
  ByteBuffer begin(long body) {
    if (body > MAX_BODY) {
      throw new IllegalArgumentException(
          "a %s frame of %d MB: one holds less than 2048 MB; use more executors, so that each owns a smaller part"
              .formatted(kind, body >> 20));
    }
    return ByteBuffer.allocate(SIZE + (int) body)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(kind.code)
        .putLong(run)
        .putInt(attempt)
        .putInt(sender)
        .putLong(step);
  }

  /** Takes the head off a frame and leaves the buffer at the body, little-endian. */
  static Frame read(ByteBuffer frame) {
    frame.order(ByteOrder.LITTLE_ENDIAN);
    if (frame.remaining() < SIZE) {
      throw new IllegalArgumentException(
          "a frame of %d bytes: want at least %d".formatted(frame.remaining(), SIZE));
    }
    return new Frame(
        Kind.of(frame.get()), frame.getLong(), frame.getInt(), frame.getInt(), frame.getLong());
  }

  /** Whether frames of this kind go to the driver. */
  boolean isForDriver() {
    return kind != Kind.SUMS && kind != Kind.SQUARES && kind != Kind.PARAMETERS;
  }

  static int sizeOf(String text) {
    return Integer.BYTES + text.getBytes(StandardCharsets.UTF_8).length;
  }

  static void putText(ByteBuffer body, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    body.putInt(bytes.length).put(bytes);
  }

  static String getText(ByteBuffer body) {
    byte[] bytes = new byte[getCount(body, 1)];
    body.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static int sizeOf(Address address) {
    return sizeOf(address.host()) + Integer.BYTES;
  }

  static void putAddress(ByteBuffer body, Address address) {
    putText(body, address.host());
    body.putInt(address.port());
  }

  static Address getAddress(ByteBuffer body) {
    String host = getText(body);
    checkedCount(body, 1, Integer.BYTES);
    return new Address(host, body.getInt());
  }

  /** Puts a step without its number, which stands in the head. */
  static void putStep(ByteBuffer body, StepRecord step) {
    body.putLong(step.epoch()).putLong(step.examples());
    body.putDouble(step.loss()).putDouble(step.learningRate()).putDouble(step.gradNorm());
    body.putDouble(step.noise().trace()).putDouble(step.noise().gradientSquares());
  }

  static StepRecord getStep(ByteBuffer body, long step) {
    checkedCount(body, 1, STEP_BYTES);
    return new StepRecord(
        step,
        body.getLong(),
        body.getLong(),
        body.getDouble(),
        body.getDouble(),
        body.getDouble(),
        new NoiseSample(body.getDouble(), body.getDouble()));
  }

  /** Takes a count off a body, once the body is known to hold so many items. */
  static int getCount(ByteBuffer body, int itemBytes) {
    checkedCount(body, 1, Integer.BYTES);
    return checkedCount(body, body.getInt(), itemBytes);
  }

  /** Checks that a body has been read to its end. */
  static void checkEnd(ByteBuffer body) {
    if (body.hasRemaining()) {
      throw new IllegalArgumentException(
          "a frame has %d bytes more than it declares".formatted(body.remaining()));
    }
  }

  /** A declared count, once the body is known to hold so many items. */
  static int checkedCount(ByteBuffer body, int count, int itemBytes) {
    if (count < 0 || (long) count * itemBytes > body.remaining()) {
      throw new IllegalArgumentException(
          "a frame declares %d items of %d bytes, but has %d bytes left"
              .formatted(count, itemBytes, body.remaining()));
    }
    return count;
  }

  static void putFloats(ByteBuffer body, float[] values, int from, int length) {
    body.asFloatBuffer().put(values, from, length);
    body.position(body.position() + length * Float.BYTES);
  }

  static void getFloats(ByteBuffer body, float[] values, int from, int length) {
    checkedCount(body, length, Float.BYTES);
    body.asFloatBuffer().get(values, from, length);
    body.position(body.position() + length * Float.BYTES);
  }
}
