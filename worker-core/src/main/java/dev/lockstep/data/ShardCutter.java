package dev.lockstep.data;

import dev.lockstep.random.Permutation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongPredicate;

/** Cuts shards out of a source. Threads may share the work, each with a part of what is stored. */
public final class ShardCutter {
  private final ExampleSource source;
  private final ShardRange range;
  private final int classes;
  private final ShardAssembly assembly;

  /**
   * Of the shards [from, to).
   *
   * @param plan a plan for just as many examples as the source has
   * @param classes labels must be below this
   * @param room where they are kept
   * @throws DataException if a shard is too large for it
   * @throws IOException if there is no room
   */
  public ShardCutter(
      ExampleSource source, BatchPlan plan, int from, int to, int classes, ShardRoom room)
      throws IOException {
    if (source.examples() != plan.examples()) {
      throw new IllegalArgumentException(
          "%s has %d examples, but the plan is for %d"
              .formatted(source.name(), source.examples(), plan.examples()));
    }
    this.source = source;
    this.range = new ShardRange(source.name(), source.format(), plan, from, to);
    this.classes = classes;
    this.assembly = room.assemble(range);
  }

  /**
   * Puts those of the examples stored at the places [first, end) that lie in these shards into
   * them.
   *
   * @throws DataException if the source is not what it declares, or a label is out of range
   */
  public void read(long first, long end) throws IOException {
    try (ExampleReader reader = source.open(first)) {
      Places places = new Places();
      reader.read(end, places, places);
    }
  }

  /** The shards, once all that is stored has been read. */
  public List<Shard> shards() throws IOException {
    return assembly.shards();
  }

  /** Where examples belong. */
  private final class Places implements LongPredicate, ExampleSource.Sink {
    private final Permutation order = range.plan().dataOrder();

    /** Of the example that was asked for last. */
    private long position;

    @Override
    public boolean test(long example) {
      position = order.inverse(example);
      return range.has(position);
    }

    @Override
    public void accept(long example, ByteBuffer pixels, int offset, int label) throws IOException {
      source.checkLabel(example, label, classes);
      assembly.put(position, pixels, offset, label);
    }
  }
}
