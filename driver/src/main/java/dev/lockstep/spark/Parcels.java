package dev.lockstep.spark;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.ExampleReader;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Parcel;
import dev.lockstep.random.Permutation;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.LongPredicate;
import scala.Tuple2;

/**
 * Examples out of a range of what a source has stored, packed by the rank that they go to. They are
 * read as they are asked for, so that no more than a few megabytes are held.
 */
final class Parcels implements Iterator<Tuple2<Integer, Parcel>>, Closeable {
  private final ExampleSource source;
  private final int classes;
  private final ExampleReader reader;
  private final long end;
  private final Places places;
  private final ParcelPacker packer;
  private long next;

  /**
   * Opens the source.
   *
   * @param classes labels must be below this
   * @param first the place of the first example of the range
   * @param end the place of its end
   */
  Parcels(ExampleSource source, BatchPlan plan, int ranks, int classes, long first, long end)
      throws IOException {
    this.source = source;
    this.classes = classes;
    this.next = first;
    this.end = end;
    this.packer = new ParcelPacker(plan, ranks, source.format().bytes());
    this.places = new Places(plan.dataOrder());
    this.reader = source.open(first);
  }

  @Override
  public boolean hasNext() {
    try {
      while (packer.full().isEmpty() && next < end) {
        readOn();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return !packer.full().isEmpty();
  }

  @Override
  public Tuple2<Integer, Parcel> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return packer.full().remove();
  }

  private void readOn() throws IOException {
    long stop = Math.min(end, next + packer.portion());
    reader.read(stop, places, places);
    next = stop;
    if (next == end) {
      close();
      packer.finish();
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /** Where examples go. */
  private final class Places implements LongPredicate, ExampleSource.Sink {
    private final Permutation order;

    /** Of the example that was asked for last. */
    private long position;

    Places(Permutation order) {
      this.order = order;
    }

    @Override
    public boolean test(long example) {
      position = order.inverse(example);
      return true;
    }

    @Override
    public void accept(long example, ByteBuffer pixels, int offset, int label) {
      source.checkLabel(example, label, classes);
      packer.add(position, pixels, offset, label);
    }
  }
}
