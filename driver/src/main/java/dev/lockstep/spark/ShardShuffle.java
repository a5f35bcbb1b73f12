package dev.lockstep.spark;

import dev.lockstep.data.Access;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.ExampleFormat;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Parcel;
import dev.lockstep.data.Part;
import dev.lockstep.data.ShardAssembly;
import dev.lockstep.data.ShardRange;
import dev.lockstep.data.ShardRoom;
import dev.lockstep.random.Permutation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import org.apache.spark.HashPartitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.api.java.function.PairFlatMapFunction;
import org.apache.spark.util.TaskCompletionListener;
import scala.Tuple2;

/**
 * The way of examples to the ranks that hold them, where a rank cannot pick its own out of a file:
 * each task reads a range of what is stored, and one shuffle brings every example to its rank. So a
 * file is read once, whatever the number of ranks; one that can only be read from its beginning by
 * one task.
 */
final class ShardShuffle {
  /** What a task reads at least where there are more tasks than ranks. */
  private static final long RANGE_BYTES = 1L << 26;

  private ShardShuffle() {}

  /**
   * The shards of each rank, by partition.
   *
   * @param classes labels must be below this
   * @param room where ranks keep them
   */
  static JavaRDD<RankShards> of(
      JavaSparkContext spark,
      ExampleSource source,
      BatchPlan plan,
      int ranks,
      int classes,
      ShardRoom room) {
    int ranges = ranges(source, ranks);
    return spark
        .parallelize(IntStream.range(0, ranges).boxed().toList(), ranges)
        .mapPartitionsToPair(new Pack(source, plan, ranks, classes, ranges))
        .partitionBy(new HashPartitioner(ranks))
        .mapPartitionsWithIndex(
            new Assemble(source.name(), source.format(), plan, ranks, room), true);
  }

  /**
   * The shards of each rank, by partition, of the rows of a table.
   *
   * @param rows the examples
   * @param room where ranks keep them
   */
  static JavaRDD<RankShards> of(ExampleRows rows, BatchPlan plan, int ranks, ShardRoom room) {
    return rows.rows()
        .mapPartitionsWithIndex(
            new PackRows(rows.starts(), rows.part(), plan, ranks, rows.format().bytes()), true)
        .mapToPair(parcel -> parcel)
        .partitionBy(new HashPartitioner(ranks))
        .mapPartitionsWithIndex(new Assemble(rows.name(), rows.format(), plan, ranks, room), true);
  }

  private static int ranges(ExampleSource source, int ranks) {
    if (source.access() == Access.SEQUENTIAL) {
      return 1;
    }
    long large = source.stored() * source.format().bytes() / RANGE_BYTES;
    return (int) Math.min(source.stored(), Math.max(ranks, large));
  }

  /** Reads a range. */
  private static final class Pack
      implements PairFlatMapFunction<Iterator<Integer>, Integer, Parcel> {
    private static final long serialVersionUID = 1;

    private final ExampleSource source;
    private final BatchPlan plan;
    private final int ranks;
    private final int classes;
    private final int ranges;

    Pack(ExampleSource source, BatchPlan plan, int ranks, int classes, int ranges) {
      this.source = source;
      this.plan = plan;
      this.ranks = ranks;
      this.classes = classes;
      this.ranges = ranges;
    }

    @Override
    public Iterator<Tuple2<Integer, Parcel>> call(Iterator<Integer> ids) throws IOException {
      int id = ids.next();
      Parcels parcels = new Parcels(source, plan, ranks, classes, firstOf(id), firstOf(id + 1));
      TaskContext.get().addTaskCompletionListener((TaskCompletionListener) task -> close(parcels));
      return parcels;
    }

    private long firstOf(int id) {
      return source.stored() / ranges * id + Math.min(id, source.stored() % ranges);
    }

    private static void close(Parcels parcels) {
      try {
        parcels.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Packs a partition of a table. */
  private static final class PackRows
      implements Function2<Integer, Iterator<ExampleRow>, Iterator<Tuple2<Integer, Parcel>>> {
    private static final long serialVersionUID = 1;

    private final long[] starts;
    private final Part part;
    private final BatchPlan plan;
    private final int ranks;
    private final int exampleBytes;

    PackRows(long[] starts, Part part, BatchPlan plan, int ranks, int exampleBytes) {
      this.starts = starts;
      this.part = part;
      this.plan = plan;
      this.ranks = ranks;
      this.exampleBytes = exampleBytes;
    }

    @Override
    public Iterator<Tuple2<Integer, Parcel>> call(Integer partition, Iterator<ExampleRow> rows) {
      Permutation order = plan.dataOrder();
      Permutation ofWhole = part.order();
      ParcelPacker packer = new ParcelPacker(plan, ranks, exampleBytes);
      return new Iterator<>() {
        private long next = starts[partition];

        @Override
        public boolean hasNext() {
          while (packer.full().isEmpty() && rows.hasNext()) {
            ExampleRow row = rows.next();
            long index = part.indexOf(ofWhole, next++);
            if (part.has(index)) {
              packer.add(order.inverse(index), ByteBuffer.wrap(row.bytes()), 0, row.label());
            }
            if (!rows.hasNext()) {
              packer.finish();
            }
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
      };
    }
  }

  /** Puts what comes to a rank in its place. */
  private static final class Assemble
      implements Function2<Integer, Iterator<Tuple2<Integer, Parcel>>, Iterator<RankShards>> {
    private static final long serialVersionUID = 1;

    private final String name;
    private final ExampleFormat format;
    private final BatchPlan plan;
    private final int ranks;
    private final ShardRoom room;

    Assemble(String name, ExampleFormat format, BatchPlan plan, int ranks, ShardRoom room) {
      this.name = name;
      this.format = format;
      this.plan = plan;
      this.ranks = ranks;
      this.room = room;
    }

    @Override
    public Iterator<RankShards> call(Integer rank, Iterator<Tuple2<Integer, Parcel>> parcels)
        throws IOException {
      int from = SparkShards.firstShard(rank, ranks, plan.shards());
      int to = SparkShards.firstShard(rank + 1, ranks, plan.shards());
      ShardAssembly assembly = room.assemble(new ShardRange(name, format, plan, from, to));
      while (parcels.hasNext()) {
        Parcel parcel = parcels.next()._2();
        ByteBuffer bytes = ByteBuffer.wrap(parcel.bytes());
        for (int e = 0; e < parcel.positions().length; e++) {
          assembly.put(parcel.positions()[e], bytes, e * format.bytes(), parcel.labels()[e]);
        }
      }
      return List.of(new RankShards(rank, assembly.shards())).iterator();
    }
  }
}
