package dev.lockstep.plan;

import dev.lockstep.bench.cost.Cluster;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A bound that a run may hit.
 *
 * @param what in a few words
 * @param value of the run
 * @param bound the most that there may be
 * @param remedy what helps where the value is above the bound
 */
public record Limit(String what, long value, long bound, String remedy) {
  /** What a Java array, and so a message of Spark's transport, may have. */
  private static final long ARRAY = Integer.MAX_VALUE - 1024L;

  /** Whether it is hit. */
  public boolean isHit() {
    return value > bound;
  }

  /** Those of a run on a cluster. */
  static List<Limit> of(Demand demand, Cluster cluster, Resources resources) {
    List<Limit> limits = new ArrayList<>();
    limits.add(
        new Limit(
            "ranks, each in a slot",
            cluster.totalRanks(),
            resources.slots(),
            "give more slots, or use fewer ranks"));
    limits.add(
        new Limit(
            "ranks, each with a shard",
            cluster.totalRanks(),
            demand.training().plan().shards(),
            "use fewer ranks, or set shards higher from the start"));
    limits.addAll(heaps(demand, cluster, resources));
    limits.add(
        new Limit(
            "floats of a vector, in one array",
            demand.vector() / Float.BYTES,
            ARRAY,
            "use a smaller network"));
    limits.add(
        new Limit(
            "bytes of a shard, in one array",
            (long) demand.training().plan().itemsOf(0) * demand.exampleBytes(),
            ARRAY,
            "set shards higher"));
    limits.add(
        new Limit(
            "bytes of a frame between executors",
            largestFrame(demand, cluster),
            ARRAY,
            "use more executors, so that each owns a smaller part"));
    limits.add(
        new Limit(
            "bytes of a task (spark.rpc.message.maxSize)",
            serialized(demand.training()),
            resources.maxMessage(),
            "set spark.rpc.message.maxSize higher"));
    limits.add(
        new Limit(
            "bytes of a step's sums at the driver, where engine = tree (spark.driver.maxResultSize)",
            demand.vector(),
            resources.maxResult(),
            "set spark.driver.maxResultSize higher, or use engine = allreduce"));
    return List.copyOf(limits);
  }

  private static List<Limit> heaps(Demand demand, Cluster cluster, Resources resources) {
    if (resources.isOneJvm()) {
      return List.of(
          new Limit(
              "bytes of the heap",
              demand.both(cluster).heapBytes(),
              resources.driverHeap(),
              "set --driver-memory higher"));
    }
    return List.of(
        new Limit(
            "bytes of an executor's heap",
            demand.executor(cluster).heapBytes(),
            resources.executorHeap(),
            "set --executor-memory higher"),
        new Limit(
            "bytes of the driver's heap",
            demand.driver().heapBytes(),
            resources.driverHeap(),
            "set --driver-memory higher"));
  }

  /** What travels with a task; states are broadcast, and count nowhere. */
  private static long serialized(Object part) {
    long[] length = new long[1];
    OutputStream count =
        new OutputStream() {
          @Override
          public void write(int value) {
            length[0]++;
          }
        };
    try (ObjectOutputStream out = new ObjectOutputStream(count)) {
      out.writeObject(part);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return length[0];
  }

  /** Nodes of an executor over the slices of the one that owns the most. */
  private static long largestFrame(Demand demand, Cluster cluster) {
    if (cluster.executors() == 1) {
      return 0;
    }
    int executors = cluster.executors();
    long owned =
        IntStream.range(0, executors)
            .mapToLong(
                e ->
                    IntStream.range(e * cluster.ranks(), (e + 1) * cluster.ranks())
                        .mapToLong(rank -> demand.work().owned(rank, cluster.totalRanks()))
                        .sum())
            .max()
            .orElseThrow();
    int nodes =
        IntStream.range(0, executors)
            .map(e -> demand.work().nodes(e, executors))
            .max()
            .orElseThrow();
    return nodes * owned * Float.BYTES;
  }
}
