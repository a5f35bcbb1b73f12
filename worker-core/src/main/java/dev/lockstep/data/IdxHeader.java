package dev.lockstep.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What an IDX file declares, checked against the bytes that are stored.
 *
 * @param kind images or labels
 * @param count how many, at least 1
 * @param shape dimensions of one; empty for labels
 */
record IdxHeader(IdxKind kind, int count, List<Integer> shape) implements RecordLayout {
  /** The most bytes that one item may take, and so the most that is ever allocated for one. */
  static final int MAX_ITEM_BYTES = 1 << 26;

  /** No deflate stream expands further: a match of 258 bytes takes at least two bits. */
  private static final long MAX_DEFLATE_RATIO = 1032;

  /** Bytes of the magic number and of each size. */
  private static final int WORD = Integer.BYTES;

  IdxHeader {
    shape = List.copyOf(shape);
  }

  /**
   * Reads a header.
   *
   * @param in a stream at its beginning, left at the first item
   * @param stored how many bytes are stored
   * @throws DataException if it is none, or declares what cannot be
   */
  static IdxHeader read(ContentStream in, IdxKind kind, long stored) throws IOException {
    byte[] magic = new byte[WORD];
    int count = in.read(magic, WORD);
    if (count == 0) {
      throw new DataException(
          "%s is empty; want an IDX file of %s".formatted(in.name(), kind.items()));
    }
    checkHeaderBytes(in, count, WORD);
    int dimensions = kind.dimensionsOf(ByteBuffer.wrap(magic).getInt(), in.name());
    byte[] sizes = new byte[dimensions * WORD];
    checkHeaderBytes(in, WORD + in.read(sizes, sizes.length), WORD + sizes.length);
    IdxHeader header = of(in.name(), kind, ByteBuffer.wrap(sizes));
    header.checkStored(in, stored);
    return header;
  }

  private static void checkHeaderBytes(ContentStream in, int found, int wanted) {
    if (found < wanted) {
      throw new DataException(
          "%s has %d bytes, fewer than the %d of its IDX header; fetch the file again"
              .formatted(in.name(), found, wanted));
    }
  }

  private static IdxHeader of(String name, IdxKind kind, ByteBuffer sizes) {
    int count = size(name, "%d " + kind.items(), sizes.getInt());
    List<Integer> shape = new ArrayList<>();
    long bytes = 1;
    while (sizes.hasRemaining()) {
      int size = size(name, kind.items() + " with a dimension of %d", sizes.getInt());
      shape.add(size);
      bytes *= size;
      if (bytes > MAX_ITEM_BYTES) {
        throw new DataException(
            "%s declares %s of at least %d bytes each; want at most %d"
                .formatted(name, kind.items(), bytes, MAX_ITEM_BYTES));
      }
    }
    return new IdxHeader(kind, count, shape);
  }

  /** A size that is at least 1; {@code what} is a format that says of what. */
  private static int size(String name, String what, int size) {
    if (size < 1) {
      throw new DataException(
          "%s declares %s; want 1 to %d"
              .formatted(name, what.formatted(Integer.toUnsignedLong(size)), Integer.MAX_VALUE));
    }
    return size;
  }

  private void checkStored(ContentStream in, long stored) {
    if (!in.isCompressed()) {
      checkLength(in.name(), stored);
    } else if (declaredBytes() / MAX_DEFLATE_RATIO > stored) {
      throw new DataException(
          "%s declares %s, but its %d bytes of gzip can hold at most %d; fetch the file again"
              .formatted(in.name(), describe(), stored, stored * MAX_DEFLATE_RATIO));
    }
  }

  @Override
  public IdxHeader readAgain(ContentStream in, long stored) throws IOException {
    return read(in, kind, stored);
  }

  @Override
  public void checkLength(String name, long found) {
    long declared = declaredBytes();
    if (found < declared) {
      throw new DataException(
          "%s is truncated: it declares %s, but has %d; fetch the file again"
              .formatted(name, describe(), found));
    }
    if (found > declared) {
      throw new DataException(
          "%s has %d bytes after the end: it declares %s, but has %d; fetch the file again"
              .formatted(name, found - declared, describe(), found));
    }
  }

  @Override
  public long records() {
    return count;
  }

  @Override
  public int recordBytes() {
    return shape.stream().reduce(1, (a, b) -> a * b);
  }

  @Override
  public int start() {
    return WORD * (2 + shape.size());
  }

  private long declaredBytes() {
    return offsetOf(count);
  }

  @Override
  public String describe() {
    String of =
        shape.isEmpty()
            ? ""
            : shape.stream().map(String::valueOf).collect(Collectors.joining("x", " of ", ""));
    return "%d %s%s, %d bytes with the header".formatted(count, kind.items(), of, declaredBytes());
  }
}
