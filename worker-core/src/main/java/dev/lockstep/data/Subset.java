package dev.lockstep.data;

import dev.lockstep.random.Permutation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * A part of the examples of another source. A reading goes through the whole in its own order, so
 * that examples come in the order in which they are stored.
 */
final class Subset implements ExampleSource {
  private static final long serialVersionUID = 1;

  private final ExampleSource whole;
  private final Part part;

  /** A part of a source. */
  Subset(ExampleSource whole, Part part) {
    this.whole = whole;
    this.part = part;
  }

  @Override
  public String name() {
    return whole.name();
  }

  /** The name that the example has in the whole. */
  @Override
  public String nameOf(long index) {
    return whole.nameOf(part.order().apply(part.first() + index));
  }

  @Override
  public long examples() {
    return part.examples();
  }

  @Override
  public int features() {
    return whole.features();
  }

  @Override
  public ExampleFormat format() {
    return whole.format();
  }

  @Override
  public List<Integer> shape() {
    return whole.shape();
  }

  @Override
  public long stored() {
    return whole.stored();
  }

  @Override
  public Access access() {
    return whole.access();
  }

  @Override
  public ExampleReader open(long first) throws IOException {
    return new Reader(whole.open(first));
  }

  /** A reading of the whole that shows what is here. */
  private final class Reader implements ExampleReader {
    private final ExampleReader ofWhole;

    Reader(ExampleReader ofWhole) {
      this.ofWhole = ofWhole;
    }

    @Override
    public void read(long end, LongPredicate wanted, Sink sink) throws IOException {
      Places places = new Places(wanted, sink);
      ofWhole.read(end, places, places);
    }

    @Override
    public void close() throws IOException {
      ofWhole.close();
    }
  }

  /** Asks and tells about an example of the whole by its index here. */
  private final class Places implements LongPredicate, Sink {
    private final Permutation order = part.order();
    private final LongPredicate wanted;
    private final Sink sink;

    /** Of the example that was asked for last. */
    private long index;

    Places(LongPredicate wanted, Sink sink) {
      this.wanted = wanted;
      this.sink = sink;
    }

    @Override
    public boolean test(long ofWhole) {
      index = part.indexOf(order, ofWhole);
      return part.has(index) && wanted.test(index);
    }

    @Override
    public void accept(long ofWhole, ByteBuffer pixels, int offset, int label) throws IOException {
      sink.accept(index, pixels, offset, label);
    }
  }
}
