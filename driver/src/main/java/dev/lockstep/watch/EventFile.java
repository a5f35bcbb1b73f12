package dev.lockstep.watch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * TensorBoard's event files: records of TensorFlow, each of which holds an {@code Event} in the
 * wire format of protocol buffers.
 *
 * <p>A record is, little-endian, {@code uint64 length, uint32 mask(crc(length)), byte[length],
 * uint32 mask(crc(bytes))} (tensorflow/core/lib/io/record_writer.h), with CRC-32C and {@code
 * mask(c) = rotateRight(c, 15) + 0xa282ead8} (core/lib/hash/crc32c.h). Of an {@code Event}
 * (core/util/ event.proto) only what scalars take is written: {@code double wall_time = 1, int64
 * step = 2, string file_version = 3, Summary summary = 5, SessionLog session_log = 7}; a {@code
 * Summary} is repeated {@code Value value = 1}, and that {@code string tag = 1, float simple_value
 * = 2}.
 */
final class EventFile {
  private static final String VERSION = "brain.Event:2";
  private static final int MASK_DELTA = 0xa282ead8;
  private static final int SESSION_START = 1;

  private EventFile() {}

  /** What a file begins with. */
  static void writeHead(OutputStream out, double seconds) throws IOException {
    Message event = new Message();
    event.putDouble(1, seconds);
    event.putText(3, VERSION);
    writeRecord(out, event.bytes());
  }

  /** Says that what other files tell of this step and later ones counts no longer. */
  static void writeRestart(OutputStream out, double seconds, long step) throws IOException {
    Message session = new Message();
    session.putWhole(1, SESSION_START);
    Message event = new Message();
    event.putDouble(1, seconds);
    event.putWhole(2, step);
    event.putBytes(7, session.bytes());
    writeRecord(out, event.bytes());
  }

  /**
   * Writes figures of one step.
   *
   * @param seconds since 1970
   * @param figures by tag
   */
  static void writeScalars(OutputStream out, double seconds, long step, Map<String, Double> figures)
      throws IOException {
    Message summary = new Message();
    figures.forEach(
        (tag, figure) -> {
          Message value = new Message();
          value.putText(1, tag);
          value.putFloat(2, figure.floatValue());
          summary.putBytes(1, value.bytes());
        });
    Message event = new Message();
    event.putDouble(1, seconds);
    event.putWhole(2, step);
    event.putBytes(5, summary.bytes());
    writeRecord(out, event.bytes());
  }

  private static void writeRecord(OutputStream out, byte[] data) throws IOException {
    ByteBuffer record =
        ByteBuffer.allocate(2 * Integer.BYTES + Long.BYTES + data.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    record.putLong(data.length);
    record.putInt(maskedCrc(record.array(), Long.BYTES));
    record.put(data);
    record.putInt(maskedCrc(data, data.length));
    out.write(record.array());
  }

  private static int maskedCrc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + MASK_DELTA;
  }

  /** A message in the making: fields of protocol buffers, in the order they are put. */
  private static final class Message {
    private static final int VARINT = 0;
    private static final int FIXED_64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED_32 = 5;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    byte[] bytes() {
      return out.toByteArray();
    }

    void putWhole(int field, long value) {
      putTag(field, VARINT);
      putVarint(value);
    }

    void putDouble(int field, double value) {
      putTag(field, FIXED_64);
      ByteBuffer bytes = ByteBuffer.allocate(Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      out.writeBytes(bytes.putDouble(value).array());
    }

    void putFloat(int field, float value) {
      putTag(field, FIXED_32);
      ByteBuffer bytes = ByteBuffer.allocate(Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      out.writeBytes(bytes.putFloat(value).array());
    }

    void putText(int field, String text) {
      putBytes(field, text.getBytes(StandardCharsets.UTF_8));
    }

    void putBytes(int field, byte[] bytes) {
      putTag(field, BYTES);
      putVarint(bytes.length);
      out.writeBytes(bytes);
    }

    private void putTag(int field, int type) {
      putVarint(((long) field << 3) | type);
    }

    private void putVarint(long value) {
      long left = value;
      while ((left & ~0x7fL) != 0) {
        out.write((int) ((left & 0x7f) | 0x80));
        left >>>= 7;
      }
      out.write((int) left);
    }
  }
}
