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
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.LongPredicate;
import scala.Tuple2;

/**
 * Examples out of a range of what a source has stored, packed by the rank that they go to. They are
 * read as they are asked for, so that no more than a few megabytes are held.
 */
final class Parcels implements Iterator<Tuple2<Integer, Parcel>>, Closeable {
  /** Of examples that are packed or waiting, over all ranks. */
  private static final int HELD_BYTES = 1 << 24;

  private static final int MAX_PARCEL_BYTES = 1 << 20;

  private final ExampleSource source;
  private final BatchPlan plan;
  private final int classes;
  private final ExampleReader reader;
  private final long end;
  private final Places places;
  private final Packing[] packings;
  private final int capacity;
  private final Queue<Tuple2<Integer, Parcel>> full = new ArrayDeque<>();
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
    this.plan = plan;
    this.classes = classes;
    this.next = first;
    this.end = end;
    this.packings = new Packing[ranks];
    int parcelBytes = Math.min(MAX_PARCEL_BYTES, HELD_BYTES / ranks);
    this.capacity = Math.max(1, parcelBytes / source.format().bytes());
    this.places = new Places();
    this.reader = source.open(first);
  }

  @Override
  public boolean hasNext() {
    try {
      while (full.isEmpty() && next < end) {
        readOn();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return !full.isEmpty();
  }

  @Override
  public Tuple2<Integer, Parcel> next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    return full.remove();
  }

  private void readOn() throws IOException {
    long stop = Math.min(end, next + Math.max(1, MAX_PARCEL_BYTES / source.format().bytes()));
    reader.read(stop, places, places);
    next = stop;
    if (next == end) {
      close();
      for (int rank = 0; rank < packings.length; rank++) {
        send(rank);
      }
    }
  }

  private void send(int rank) {
    if (packings[rank] != null) {
      full.add(new Tuple2<>(rank, packings[rank].parcel()));
      packings[rank] = null;
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /** Where examples go. */
  private final class Places implements LongPredicate, ExampleSource.Sink {
    private final Permutation order = plan.dataOrder();

    /** Of the example that was asked for last. */
    private long position;

    @Override
    public boolean test(long example) {
      position = order.inverse(example);
      return true;
    }

    @Override
    public void accept(long example, ByteBuffer pixels, int offset, int label) {
      source.checkLabel(example, label, classes);
      int shard = (int) (position % plan.shards());
      int rank = SparkShards.rankOf(shard, packings.length, plan.shards());
      if (packings[rank] == null) {
        packings[rank] = new Packing(capacity, source.format().bytes());
      }
      if (packings[rank].add(position, pixels, offset, label)) {
        send(rank);
      }
    }
  }

  /** A parcel while it is packed. */
  private static final class Packing {
    private final long[] positions;
    private final int[] labels;
    private final byte[] bytes;
    private final int size;
    private int count;

    Packing(int capacity, int size) {
      this.positions = new long[capacity];
      this.labels = new int[capacity];
      this.bytes = new byte[capacity * size];
      this.size = size;
    }

    /** Whether it is full then. */
    boolean add(long position, ByteBuffer from, int offset, int label) {
      positions[count] = position;
      labels[count] = label;
      from.get(offset, bytes, count * size, size);
      count++;
      return count == positions.length;
    }

    Parcel parcel() {
      return new Parcel(
          Arrays.copyOf(positions, count),
          Arrays.copyOf(labels, count),
          Arrays.copyOf(bytes, count * size));
    }
  }
}
