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
  private final boolean isPlain;

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

  private Cifar10Source(String name, List<Part> parts, boolean isPlain) {
    this.name = name;
    this.parts = List.copyOf(parts);
    this.isPlain = isPlain;
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
    boolean isPlain = true;
    long first = 0;
    for (ByteSource file : files) {
      try (ContentStream in = ContentStream.open(file)) {
        Part part = new Part(file, Cifar10Layout.read(in, file.length()), first);
        parts.add(part);
        isPlain &= !in.isCompressed();
        first = part.end();
      }
    }
    return new Cifar10Source(name, parts, isPlain);
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
  public boolean isDivisible() {
    return isPlain;
  }

  /**
   * {@inheritDoc}
   *
   * <p>Gzip is always run to the end, so that damage is found whatever is wanted; of a plain file
   * long stretches that nobody wants are skipped, and its length is checked.
   */
  @Override
  public void read(LongPredicate wanted, Sink sink) throws IOException {
    for (Part part : parts) {
      read(part, wanted, sink);
    }
  }

  private static void read(Part part, LongPredicate wanted, Sink sink) throws IOException {
    try (RecordReader reader = RecordReader.open(part.file, part.layout)) {
      for (long i = part.first; i < part.end(); i++) {
        if (wanted.test(i)) {
          int at = reader.find(i - part.first);
          int label = Byte.toUnsignedInt(reader.block().get(at));
          if (label >= CLASSES) {
            throw new DataException(
                "%s has label %d; want 0 to %d".formatted(part.nameOf(i), label, CLASSES - 1));
          }
          sink.accept(i, reader.block(), at + Cifar10Layout.PIXELS_AT, label);
        }
      }
      reader.finish();
    } catch (InternalError e) {
      throw RecordReader.cutShort(part.file.name(), e);
    }
  }
}
