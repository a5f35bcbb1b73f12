package dev.lockstep.data;

import dev.lockstep.random.Permutation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;

/**
 * Cuts shards out of a source. Threads may share the work, each with examples of its own: no two
 * examples have the same place in the same shard.
 */
public final class ShardCutter {
  private final ExampleSource source;
  private final BatchPlan plan;
  private final int from;
  private final int to;
  private final int classes;

  /** By index; each is made by the first thread to need it, since zeroing them takes time too. */
  private final Map<Integer, Shard> shards = new ConcurrentHashMap<>();

  /**
   * Of the shards [from, to).
   *
   * @param plan a plan for just as many examples as the source has
   * @param classes labels must be below this
   * @throws DataException if a shard is too large
   */
  public ShardCutter(ExampleSource source, BatchPlan plan, int from, int to, int classes) {
    if (source.examples() != plan.examples()) {
      throw new IllegalArgumentException(
          "%s has %d examples, but the plan is for %d"
              .formatted(source.name(), source.examples(), plan.examples()));
    }
    if (from < 0 || from > to || to > plan.shards()) {
      throw new IllegalArgumentException(
          "shards %d to %d: want a range within 0 to %d".formatted(from, to, plan.shards()));
    }
    this.source = source;
    this.plan = plan;
    this.from = from;
    this.to = to;
    this.classes = classes;
    if (from < to) {
      checkFits(from); // None has more items than the first.
    }
  }

  private void checkFits(int index) {
    long bytes = (long) plan.itemsOf(index) * source.features();
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new DataException(
          "%s: shard %d would take %d bytes, more than one array can hold; use more shards than %d"
              .formatted(source.name(), index, bytes, plan.shards()));
    }
  }

  private Shard shard(int index) {
    return shards.computeIfAbsent(index, this::empty);
  }

  private Shard empty(int index) {
    int items = plan.itemsOf(index);
    int features = source.features();
    return new Shard(index, features, new byte[items * features], new int[items]);
  }

  /**
   * Puts the examples [first, end) that lie in these shards into their places.
   *
   * @throws DataException if the source is not what it declares, or a label is out of range
   */
  public void read(long first, long end) throws IOException {
    Places places = new Places(first, end);
    source.read(places, places);
  }

  /** The shards, complete once all examples have been read. */
  public List<Shard> shards() {
    return IntStream.range(from, to).mapToObj(this::shard).toList();
  }

  /** Where examples belong. */
  private final class Places implements LongPredicate, ExampleSource.Sink {
    private final Permutation order = plan.dataOrder();
    private final long first;
    private final long end;

    /** Of the example that was asked for last. */
    private long position;

    Places(long first, long end) {
      this.first = first;
      this.end = end;
    }

    @Override
    public boolean test(long example) {
      if (example < first || example >= end) {
        return false;
      }
      position = order.inverse(example);
      int shard = index();
      return shard >= from && shard < to;
    }

    /** Of the shard. */
    private int index() {
      return (int) (position % plan.shards());
    }

    @Override
    public void accept(long example, ByteBuffer pixels, int offset, int label) {
      if (label < 0 || label >= classes) {
        throw new DataException(
            "%s has label %d, but the network has %d outputs, for labels 0 to %d"
                .formatted(source.nameOf(example), label, classes, classes - 1));
      }
      Shard shard = shard(index());
      int item = (int) (position / plan.shards());
      int features = shard.features();
      pixels.get(offset, shard.pixels(), item * features, features);
      shard.labels()[item] = label;
    }
  }
}
