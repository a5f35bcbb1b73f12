package dev.lockstep.data;

import java.io.Closeable;
import java.io.IOException;

/** The items of one IDX file, read forwards. */
final class IdxItems implements Closeable {
  private final IdxHeader header;
  private final int itemBytes;
  private final IdxStream in;

  private IdxItems(IdxHeader header, IdxStream in) {
    this.header = header;
    this.itemBytes = header.itemBytes();
    this.in = in;
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

  /** Reads one item, which no earlier call may have passed. */
  void read(long item, byte[] into) throws IOException {
    long gap = header.offsetOf(item) - in.position();
    assert gap >= 0 : "item " + item + " is behind";
    in.skip(gap);
    if (in.read(into, itemBytes) < itemBytes) {
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
