package dev.lockstep.sweep;

import dev.lockstep.data.ExampleFormat;
import dev.lockstep.data.ExampleReader;
import dev.lockstep.data.ExampleSource;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongPredicate;

/** The examples of another source, read once and held in memory for the trials of this JVM. */
final class HeldSource implements ExampleSource {
  private static final long serialVersionUID = 1;

  private final ExampleSource source;
  private final byte[] bytes;
  private final int[] labels;

  private HeldSource(ExampleSource source, byte[] bytes, int[] labels) {
    this.source = source;
    this.bytes = bytes;
    this.labels = labels;
  }

  /** Whether so many bytes of examples can be held. */
  static boolean fits(ExampleSource source, long most) {
    long needed = source.examples() * (source.format().bytes() + (long) Integer.BYTES);
    return source.stored() == source.examples() && needed <= Math.min(most, Integer.MAX_VALUE / 2);
  }

  /** Reads a source to its end. */
  static HeldSource of(ExampleSource source) throws IOException {
    int width = source.format().bytes();
    byte[] bytes = new byte[Math.toIntExact(source.examples() * width)];
    int[] labels = new int[Math.toIntExact(source.examples())];
    source.read(
        index -> true,
        (index, from, offset, label) -> {
          from.duplicate().position(offset).get(bytes, (int) index * width, width);
          labels[(int) index] = label;
        });
    return new HeldSource(source, bytes, labels);
  }

  @Override
  public String name() {
    return source.name();
  }

  @Override
  public String nameOf(long index) {
    return source.nameOf(index);
  }

  @Override
  public long examples() {
    return labels.length;
  }

  @Override
  public int features() {
    return source.features();
  }

  @Override
  public ExampleFormat format() {
    return source.format();
  }

  @Override
  public List<Integer> shape() {
    return source.shape();
  }

  @Override
  public ExampleReader open(long first) {
    return new Reader(first);
  }

  /** Goes through the examples as they stand. */
  private final class Reader implements ExampleReader {
    private final ByteBuffer all = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    private final int width = format().bytes();
    private int next;

    Reader(long first) {
      this.next = (int) first;
    }

    @Override
    public void read(long end, LongPredicate wanted, Sink sink) throws IOException {
      for (; next < end; next++) {
        if (wanted.test(next)) {
          sink.accept(next, all, next * width, labels[next]);
        }
      }
    }

    @Override
    public void close() {}
  }
}
