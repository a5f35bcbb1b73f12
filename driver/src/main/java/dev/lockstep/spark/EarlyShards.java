package dev.lockstep.spark;

import dev.lockstep.data.Access;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Shard;
import dev.lockstep.data.ShardCutter;
import dev.lockstep.data.ShardRoom;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/**
 * All shards of a data set, read by threads of this JVM while Spark starts in it. For a local
 * master: its tasks run here too, so they find what was read and share one reading, where executors
 * elsewhere each read their own part.
 */
public final class EarlyShards implements AutoCloseable {
  /** What the tasks of this JVM may find, by key. */
  private static final Map<UUID, EarlyShards> HERE = new ConcurrentHashMap<>();

  private final UUID key = UUID.randomUUID();
  private final ExampleSource source;
  private final BatchPlan plan;
  private final int classes;
  private final ShardRoom room;
  private final ShardCutter cutter;
  private final List<FutureTask<Void>> parts = new ArrayList<>();

  private EarlyShards(ExampleSource source, BatchPlan plan, int classes, ShardRoom room)
      throws IOException {
    this.source = source;
    this.plan = plan;
    this.classes = classes;
    this.room = room;
    this.cutter = new ShardCutter(source, plan, 0, plan.shards(), classes, room);
  }

  /**
   * Begins to read, with as many threads as there are processors where the source can be divided.
   *
   * @param classes labels must be below this
   * @param room where all shards together are kept
   * @throws IOException if there is no room
   */
  public static EarlyShards begin(ExampleSource source, BatchPlan plan, int classes, ShardRoom room)
      throws IOException {
    EarlyShards shards = new EarlyShards(source, plan, classes, room);
    HERE.put(shards.key, shards);
    boolean isDivisible = source.access() != Access.SEQUENTIAL;
    int threads = isDivisible ? Runtime.getRuntime().availableProcessors() : 1;
    for (int t = 0; t < threads; t++) {
      shards.begin(source.stored() * t / threads, source.stored() * (t + 1) / threads);
    }
    return shards;
  }

  private void begin(long first, long end) {
    FutureTask<Void> part =
        new FutureTask<>(
            () -> {
              cutter.read(first, end);
              return null;
            });
    parts.add(part);
    Thread thread = new Thread(part, "lockstep-early-shards-" + first);
    thread.setDaemon(true);
    thread.start();
  }

  /** The shards of this key, if they were read in this JVM. */
  static Optional<List<Shard>> find(UUID key) throws IOException {
    EarlyShards here = HERE.get(key);
    return here == null ? Optional.empty() : Optional.of(here.await());
  }

  UUID key() {
    return key;
  }

  ExampleSource source() {
    return source;
  }

  BatchPlan plan() {
    return plan;
  }

  int classes() {
    return classes;
  }

  ShardRoom room() {
    return room;
  }

  /**
   * Waits until all is read.
   *
   * @throws DataException if the source is not what it declares
   * @throws IOException if it cannot be read
   */
  public List<Shard> await() throws IOException {
    try {
      for (FutureTask<Void> part : parts) {
        part.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while reading " + source.name(), e);
    } catch (ExecutionException e) {
      throw rethrow(e.getCause());
    }
    return cutter.shards();
  }

  private static IllegalStateException rethrow(Throwable cause) throws IOException {
    if (cause instanceof IOException e) {
      throw e;
    }
    if (cause instanceof RuntimeException e) {
      throw e;
    }
    if (cause instanceof Error e) {
      throw e;
    }
    return new IllegalStateException(cause);
  }

  /** Ends the reading and lets go of the shards; tasks that have taken theirs keep them. */
  @Override
  public void close() {
    HERE.remove(key);
    parts.forEach(part -> part.cancel(true));
  }
}
