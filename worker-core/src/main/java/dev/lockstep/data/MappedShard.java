package dev.lockstep.data;

import java.nio.ByteBuffer;

/**
 * A shard in a mapped file of fixed-size records, of which memory holds as much as there is room
 * for. It stays in the JVM where the file is.
 */
public final class MappedShard implements Shard {
  private static final int CACHE_LINE = 64;

  private final int index;
  private final int items;
  private final MappedRecords records;
  private final long first;

  /** Of the records [first, first + items). */
  MappedShard(int index, int items, MappedRecords records, long first) {
    this.index = index;
    this.items = items;
    this.records = records;
    this.first = first;
  }

  @Override
  public int index() {
    return index;
  }

  @Override
  public ExampleFormat format() {
    return records.format();
  }

  @Override
  public int items() {
    return items;
  }

  @Override
  public byte[] bytes(int item, byte[] scratch) {
    long record = first + item;
    records.map(record).get(records.exampleAt(record), scratch, 0, format().bytes());
    return scratch;
  }

  @Override
  public int offset(int item) {
    return 0;
  }

  @Override
  public int touch(int item) {
    long record = first + item;
    ByteBuffer map = records.map(record);
    int from = records.exampleAt(record);
    int end = from + format().bytes();
    int sum = 0;
    for (int i = from; i < end; i += CACHE_LINE) {
      sum += map.get(i);
    }
    return sum;
  }

  @Override
  public int label(int item) {
    long record = first + item;
    return records.map(record).getInt(records.labelAt(record));
  }
}
