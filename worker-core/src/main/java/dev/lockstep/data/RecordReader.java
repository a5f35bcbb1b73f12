package dev.lockstep.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The records of one file, forwards in blocks of whole records: mapped where that can be. */
final class RecordReader implements Closeable {
  private static final int MAPPED_BYTES = 1 << 26;
  private static final int READ_BYTES = 1 << 16;

  private final ByteSource source;
  private final RecordLayout layout;
  private final int recordBytes;
  private final ContentStream in;

  private final boolean isMappable;

  /** The records [first, first + held). */
  private ByteBuffer block = ByteBuffer.allocate(0);

  private long first;
  private int held;

  private RecordReader(ByteSource source, RecordLayout layout, ContentStream in) {
    this.source = source;
    this.layout = layout;
    this.recordBytes = layout.recordBytes();
    this.in = in;
    this.isMappable = !in.isCompressed() && source.isMappable();
  }

  /**
   * Opens a file again.
   *
   * @param layout what was read from it before
   * @throws DataException if it now shows something else
   */
  static RecordReader open(ByteSource source, RecordLayout layout) throws IOException {
    ContentStream in = ContentStream.open(source);
    try {
      RecordLayout now = layout.readAgain(in, source.length());
      if (!now.equals(layout)) {
        throw new DataException(
            "%s changed since it was opened: it had %s, and has %s; start again"
                .formatted(source.name(), layout.describe(), now.describe()));
      }
      return new RecordReader(source, layout, in);
    } catch (IOException | RuntimeException e) {
      try (in) {
        throw e;
      }
    }
  }

  /** Where {@link #find} found a record; valid until the next call of it. */
  ByteBuffer block() {
    return block;
  }

  /** Where in the {@link #block} a record begins; no earlier call may have passed it. */
  int find(long record) throws IOException {
    if (record >= first + held) {
      if (isMappable) {
        map(record);
      } else {
        read(record);
      }
      first = record;
      held = block.limit() / recordBytes;
      if (held == 0) {
        layout.checkLength(in.name(), in.position());
      }
    }
    assert record >= first : "record " + record + " is behind";
    return (int) (record - first) * recordBytes;
  }

  private void map(long record) throws IOException {
    block = source.map(layout.offsetOf(record), blockBytes(record, MAPPED_BYTES));
  }

  private void read(long record) throws IOException {
    if (block.capacity() == 0) {
      block = ByteBuffer.allocate(blockBytes(0, READ_BYTES));
    }
    in.skipTo(layout.offsetOf(record));
    block.limit(in.read(block.array(), blockBytes(record, READ_BYTES)));
  }

  /**
   * Bytes of about {@code size}, from a record on: whole records, at least one, none that is not
   * there.
   */
  private int blockBytes(long record, int size) {
    long records = Math.min(Math.max(1, size / recordBytes), layout.records() - record);
    return (int) records * recordBytes;
  }

  /** Checks that the content ends where the layout says. */
  void finish() throws IOException {
    layout.checkLength(in.name(), in.length());
  }

  /** What to throw for the error that meets those who look where a mapped file was cut off. */
  static IOException cutShort(String name, InternalError e) {
    return new IOException(name + " was cut short while it was read; start again", e);
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
