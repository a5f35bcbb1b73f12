package dev.lockstep.data;

import java.io.Closeable;
import java.io.IOException;

/** The items of one IDX file, read forwards in blocks of whole items. */
final class IdxItems implements Closeable {
  private static final int BLOCK_BYTES = 1 << 16;

  private final IdxHeader header;
  private final int itemBytes;
  private final IdxStream in;

  /** The items [first, first + held). */
  private final byte[] block;

  private long first;
  private int held;

  private IdxItems(IdxHeader header, IdxStream in) {
    this.header = header;
    this.itemBytes = header.itemBytes();
    this.in = in;
    this.block = new byte[Math.max(1, BLOCK_BYTES / itemBytes) * itemBytes];
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
      return new IdxItems(header, in);
    } catch (IOException | RuntimeException e) {
      try (in) {
        throw e;
      }
    }
  }

  /** Where {@link #find} puts items; valid until the next call of it. */
  byte[] block() {
    return block;
  }

  /** Where in the {@link #block} an item begins; no earlier call may have passed it. */
  int find(long item) throws IOException {
    if (item >= first + held) {
      read(item);
    }
    assert item >= first : "item " + item + " is behind";
    return (int) (item - first) * itemBytes;
  }

  /** Fills the block from an item on. */
  private void read(long item) throws IOException {
    in.skip(header.offsetOf(item) - in.position());
    int wanted = (int) Math.min(block.length, header.offsetOf(header.count()) - in.position());
    held = in.read(block, wanted) / itemBytes;
    first = item;
    if (held == 0) {
      header.checkLength(in.name(), in.position());
    }
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
