package dev.lockstep.data;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * Files of CIFAR-10's binary format, plain or gzip, one after the other: colour images of 32x32 in
 * ten classes (Krizhevsky, "Learning Multiple Layers of Features from Tiny Images", 2009).
 *
 * <p>An example is the record's 3072 bytes as they are stored, the planes red, green and blue, each
 * row by row from the top. An instance knows how many records each file has; each reading goes
 * through one file after the other.
 */
public final class Cifar10Source implements ExampleSource {
  private static final long serialVersionUID = 1;
  private static final int CLASSES = 10;

  private final String name;
  private final List<Part> parts;
  private final Access access;

  /**
   * One file.
   *
   * @param first the example that its first record is
   */
  private record Part(ByteSource file, Cifar10Layout layout, long first) implements Serializable {
    long end() {
      return first + layout.records();
    }

    String nameOf(long example) {
      return "%s: record %d".formatted(file.name(), example - first);
    }
  }

  private Cifar10Source(String name, List<Part> parts, Access access) {
    this.name = name;
    this.parts = List.copyOf(parts);
    this.access = access;
  }

  /**
   * Counts the records of each file; gzip is unzipped for that.
   *
   * @param files at least one, in the order of their examples
   * @throws DataException if a file is empty, is not made of whole records, or is damaged gzip
   * @throws IOException if one cannot be read
   */
  public static Cifar10Source open(String name, List<? extends ByteSource> files)
      throws IOException {
    if (files.isEmpty()) {
      throw new IllegalArgumentException(name + ": 0 files of CIFAR-10: want at least 1");
    }
    List<Part> parts = new ArrayList<>();
    Access access = Access.RANDOM;
    long first = 0;
    for (ByteSource file : files) {
      try (ContentStream in = ContentStream.open(file)) {
        Part part = new Part(file, Cifar10Layout.read(in, file.length()), first);
        parts.add(part);
        access = worse(access, IdxSource.accessOf(file, in));
        first = part.end();
      }
    }
    return new Cifar10Source(name, parts, access);
  }

  private static Access worse(Access a, Access b) {
    return a.compareTo(b) > 0 ? a : b;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String nameOf(long index) {
    return parts.stream()
        .filter(part -> index < part.end())
        .findFirst()
        .map(part -> part.nameOf(index))
        .orElseThrow(() -> new IndexOutOfBoundsException("example " + index + " of " + examples()));
  }

  @Override
  public long examples() {
    return parts.get(parts.size() - 1).end();
  }

  @Override
  public int features() {
    return Cifar10Layout.PIXELS;
  }

  @Override
  public List<Integer> shape() {
    return List.of(Cifar10Layout.PLANES, Cifar10Layout.SIDE, Cifar10Layout.SIDE);
  }

  @Override
  public Access access() {
    return access;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Of a plain file what stands before the first example is not read, and its length is checked;
   * gzip that is read to the end has been checked from end to end.
   */
  @Override
  public ExampleReader open(long first) {
    return new Reader(first);
  }

  /** Goes through one file after the other, and opens each when it comes to it. */
  private final class Reader implements ExampleReader {
    private long next;

    /** Where {@link #next} is. */
    private int number;

    /** Of that part; null while none is open. */
    private RecordReader records;

    Reader(long first) {
      this.next = first;
    }

    @Override
    public void read(long end, LongPredicate wanted, Sink sink) throws IOException {
      for (; number < parts.size() && parts.get(number).first < end; number++) {
        Part part = parts.get(number);
        try {
          read(part, Math.min(end, part.end()), wanted, sink);
        } catch (InternalError e) {
          throw RecordReader.cutShort(part.file.name(), e);
        }
        if (next < part.end()) {
          return;
        }
      }
    }

    private void read(Part part, long end, LongPredicate wanted, Sink sink) throws IOException {
      if (next >= part.end()) {
        return; // It ends before the first example that is wanted.
      }
      if (records == null) {
        records = RecordReader.open(part.file, part.layout);
      }
      for (; next < end; next++) {
        if (wanted.test(next)) {
          show(part, next, sink);
        }
      }
      if (end == part.end()) {
        records.finish();
        close();
      }
    }

    private void show(Part part, long example, Sink sink) throws IOException {
      int at = records.find(example - part.first);
      int label = Byte.toUnsignedInt(records.block().get(at));
      if (label >= CLASSES) {
        throw new DataException(
            "%s has label %d; want 0 to %d".formatted(part.nameOf(example), label, CLASSES - 1));
      }
      sink.accept(example, records.block(), at + Cifar10Layout.PIXELS_AT, label);
    }

    @Override
    public void close() throws IOException {
      if (records != null) {
        records.close();
        records = null;
      }
    }
  }
}
