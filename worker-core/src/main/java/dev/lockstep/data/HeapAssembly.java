package dev.lockstep.data;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;

/** Shards whose examples are in arrays. */
final class HeapAssembly implements ShardAssembly {
  private static final int MAX_ARRAY_BYTES = Integer.MAX_VALUE - 8;

  private final ShardRange range;

  /** By index; each is made by the first thread to need it, since zeroing them takes time too. */
  private final Map<Integer, HeapShard> shards = new ConcurrentHashMap<>();

  private final LongAdder examples = new LongAdder();

  /**
   * Nothing yet of some shards.
   *
   * @throws DataException if one is too large for an array
   */
  HeapAssembly(ShardRange range) {
    this.range = range;
    if (range.from() < range.to()) {
      checkFits(range.from()); // None has more items than the first.
    }
  }

  private void checkFits(int index) {
    BatchPlan plan = range.plan();
    long bytes = (long) plan.itemsOf(index) * range.format().bytes();
    if (bytes > MAX_ARRAY_BYTES) {
      throw new DataException(
          "%s: shard %d would take %d bytes, more than one array can hold; use more shards than %d, or set data.memory-limit"
              .formatted(range.name(), index, bytes, plan.shards()));
    }
  }

  private HeapShard shard(int index) {
    return shards.computeIfAbsent(index, this::empty);
  }

  private HeapShard empty(int index) {
    int items = range.plan().itemsOf(index);
    ExampleFormat format = range.format();
    return new HeapShard(
        index, format, new byte[items * format.bytes()], new int[format.hasClass() ? items : 0]);
  }

  @Override
  public void put(long position, ByteBuffer example, int offset, int label) {
    int shards = range.plan().shards();
    HeapShard shard = shard((int) (position % shards));
    int item = (int) (position / shards);
    example.get(offset, shard.bytes(), shard.offset(item), shard.format().bytes());
    if (shard.format().hasClass()) {
      shard.labels()[item] = label;
    }
    examples.increment();
  }

  @Override
  public List<Shard> shards() {
    range.checkComplete(examples.sum());
    return IntStream.range(range.from(), range.to()).<Shard>mapToObj(this::shard).toList();
  }
}
