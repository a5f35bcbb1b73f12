package dev.lockstep.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** The items of one IDX file, forwards in blocks of whole items: mapped where that can be. */
final class IdxItems implements Closeable {
  private static final int MAPPED_BYTES = 1 << 26;
  private static final int READ_BYTES = 1 << 16;

  private final ByteSource source;
  private final IdxHeader header;
  private final int itemBytes;
  private final IdxStream in;

  /** Until the source says that it is not. */
  private boolean isMappable;

  /** The items [first, first + held). */
  private ByteBuffer block = ByteBuffer.allocate(0);

  private long first;
  private int held;

  private IdxItems(ByteSource source, IdxHeader header, IdxStream in) {
    this.source = source;
    this.header = header;
    this.itemBytes = header.itemBytes();
    this.in = in;
    this.isMappable = !in.isCompressed();
  }

  /**
   * Opens a file again.
   *
   * @param header what was read from it before
   * @throws DataException if it now declares something else
   */
  static IdxItems open(ByteSource source, IdxHeader header) throws IOException {
    IdxStream in = IdxStream.open(source);
    try {
      IdxHeader now = IdxHeader.read(in, header.kind(), source.length());
      if (!now.equals(header)) {
        throw new DataException(
            "%s changed since it was opened: it had %s, and has %s; start again"
                .formatted(source.name(), header.describe(), now.describe()));
      }
      return new IdxItems(source, header, in);
    } catch (IOException | RuntimeException e) {
      try (in) {
        throw e;
      }
    }
  }

  /** Where {@link #find} found an item; valid until the next call of it. */
  ByteBuffer block() {
    return block;
  }

  /** Where in the {@link #block} an item begins; no earlier call may have passed it. */
  int find(long item) throws IOException {
    if (item >= first + held) {
      if (!map(item)) {
        read(item);
      }
      first = item;
      held = block.limit() / itemBytes;
      if (held == 0) {
        header.checkLength(in.name(), in.position());
      }
    }
    assert item >= first : "item " + item + " is behind";
    return (int) (item - first) * itemBytes;
  }

  /** Whether that can be. */
  private boolean map(long item) throws IOException {
    if (isMappable) {
      Optional<ByteBuffer> mapped =
          source.map(header.offsetOf(item), blockBytes(item, MAPPED_BYTES));
      isMappable = mapped.isPresent();
      block = mapped.orElse(block);
    }
    return isMappable;
  }

  private void read(long item) throws IOException {
    if (block.capacity() == 0) {
      block = ByteBuffer.allocate(blockBytes(0, READ_BYTES));
    }
    in.skip(header.offsetOf(item) - in.position());
    block.limit(in.read(block.array(), blockBytes(item, READ_BYTES)));
  }

  /**
   * Bytes of about {@code size}, from an item on: whole items, at least one, none that is not
   * there.
   */
  private int blockBytes(long item, int size) {
    long items = Math.min(Math.max(1, size / itemBytes), header.count() - item);
    return (int) items * itemBytes;
  }

  /** Checks that the content ends where the header says. */
  void finish() throws IOException {
    in.skip(Long.MAX_VALUE);
    header.checkLength(in.name(), in.position());
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
