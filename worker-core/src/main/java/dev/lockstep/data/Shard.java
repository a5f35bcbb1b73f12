package dev.lockstep.data;

import java.io.IOException;
import java.util.List;

/**
 * One of the V fixed slices of a data set, held compactly. Immutable by convention: nothing of it
 * is written after it has been {@link #read}.
 */
public sealed interface Shard permits HeapShard, MappedShard {
  /** Its place among the V shards. */
  int index();

  /** How its examples lie in bytes. */
  ExampleFormat format();

  /** I, numbers of an example. */
  default int features() {
    return format().features();
  }

  /** How many examples it holds. */
  int items();

  /**
   * An array that holds the bytes of an item, from {@link #offset} on; not to be written.
   *
   * @param scratch as many bytes as an example has, to copy them to where they are in no array
   */
  byte[] bytes(int item, byte[] scratch);

  /** Where in the array of {@link #bytes} the item begins. */
  int offset(int item);

  /**
   * Has a part of each cache line of an item read, so that it comes from memory while another is
   * worked on; what comes of it means nothing, but must be used.
   */
  int touch(int item);

  /** Class of an item; of no meaning where targets are vectors. */
  int label(int item);

  /**
   * Cuts the shards [from, to) out of a source, which is read once, into arrays.
   *
   * @param plan a plan for just as many examples as the source has
   * @param classes labels must be below this
   * @throws DataException if the source is not what it declares, or a label is out of range
   */
  static List<Shard> read(ExampleSource source, BatchPlan plan, int from, int to, int classes)
      throws IOException {
    return read(source, plan, from, to, classes, ShardRoom.HEAP);
  }

  /**
   * Cuts the shards [from, to) out of a source, which is read once.
   *
   * @param plan a plan for just as many examples as the source has
   * @param classes labels must be below this
   * @param room where they are kept
   * @throws DataException if the source is not what it declares, or a label is out of range
   */
  static List<Shard> read(
      ExampleSource source, BatchPlan plan, int from, int to, int classes, ShardRoom room)
      throws IOException {
    ShardCutter cutter = new ShardCutter(source, plan, from, to, classes, room);
    cutter.read(0, source.stored());
    return cutter.shards();
  }
}
