package dev.lockstep.spark;

import dev.lockstep.data.Access;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleSet;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Shard;
import dev.lockstep.data.ShardRoom;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.storage.BlockManagerMaster;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.StorageLevel;

/**
 * A data set cut into shards and held by the executors: one partition a rank, each a contiguous run
 * of shards. Tasks read it, each its own part or, where that would be dear, by way of a {@link
 * ShardShuffle}; nothing passes through the driver.
 */
public final class SparkShards implements AutoCloseable {
  /** An executor may die between reading and looking, but not every time. */
  private static final int LOOKS = 3;

  private final JavaRDD<RankShards> partitions;
  private final ExampleSet set;
  private final ShardRoom room;

  private SparkShards(JavaRDD<RankShards> partitions, ExampleSet set, ShardRoom room) {
    this.partitions = partitions;
    this.set = set;
    this.room = room;
  }

  /**
   * Cuts a data set and waits until every executor holds its part.
   *
   * @throws DataException if a task finds that the data is not what it declares
   * @throws ClusterException if the executors have no room for it
   */
  public static SparkShards load(
      JavaSparkContext spark, ExampleSource source, BatchPlan plan, int ranks, int classes) {
    return load(spark, source, plan, ranks, classes, ShardRoom.HEAP);
  }

  /**
   * Cuts a data set and waits until every executor holds its part.
   *
   * @param room where a rank keeps its part
   * @throws DataException if a task finds that the data is not what it declares
   * @throws ClusterException if the executors have no room for it
   */
  public static SparkShards load(
      JavaSparkContext spark,
      ExampleSource source,
      BatchPlan plan,
      int ranks,
      int classes,
      ShardRoom room) {
    return source.access() == Access.RANDOM
        ? load(spark, new Cut(source, plan, ranks, classes, room, null))
        : load(source, ShardShuffle.of(spark, source, plan, ranks, classes, room), room);
  }

  /**
   * Hands the ranks what was read in this JVM while Spark started.
   *
   * @throws DataException if the data is not what it declares
   * @throws IOException if it cannot be read
   */
  public static SparkShards load(JavaSparkContext spark, EarlyShards early, int ranks)
      throws IOException {
    // What is wrong with the data is said here, and not as the failure of a job.
    List<Shard> unused = early.await();
    return load(
        spark,
        new Cut(early.source(), early.plan(), ranks, early.classes(), early.room(), early.key()));
  }

  /**
   * Cuts a table and waits until every executor holds its part.
   *
   * @param room where a rank keeps its part
   * @throws DataException if a row cannot be an example
   * @throws ClusterException if the executors have no room for it
   */
  public static SparkShards load(ExampleRows rows, BatchPlan plan, int ranks, ShardRoom room) {
    return load(rows, ShardShuffle.of(rows, plan, ranks, room), room);
  }

  /**
   * Cuts a table and brings all shards here.
   *
   * @param room where they are kept until then
   * @throws DataException if a row cannot be an example
   * @throws ClusterException if the rows could not be read
   */
  public static List<Shard> here(ExampleRows rows, BatchPlan plan, ShardRoom room) {
    try {
      return ShardShuffle.of(rows, plan, 1, room).collect().get(0).shards();
    } catch (Exception e) { // Scala throws SparkException without declaring it.
      throw Failures.of("could not read " + rows.name(), e);
    }
  }

  private static SparkShards load(JavaSparkContext spark, Cut cut) {
    List<Integer> ids = IntStream.range(0, cut.ranks).boxed().toList();
    return load(cut.source, spark.parallelize(ids, cut.ranks).mapPartitions(cut), cut.room);
  }

  private static SparkShards load(ExampleSet set, JavaRDD<RankShards> partitions, ShardRoom room) {
    partitions.setName("shards of " + set.name()).persist(StorageLevel.MEMORY_ONLY());
    SparkShards shards = new SparkShards(partitions, set, room);
    for (int look = 1; ; look++) {
      shards.read();
      if (shards.areHeld()) {
        return shards;
      }
      if (look == LOOKS) {
        shards.close();
        throw shards.noRoom(null);
      }
    }
  }

  /** Reads what no executor holds. */
  private void read() {
    try {
      partitions.count();
    } catch (Exception e) { // Scala throws SparkException without declaring it.
      // What was cached goes when Spark stops, or when its cleaner finds that nobody refers to it.
      throw Failures.describe(e).contains(OutOfMemoryError.class.getSimpleName())
          ? noRoom(e)
          : Failures.of("the executors could not load " + set.name(), e);
    }
  }

  /**
   * Whether executors hold every part. Spark goes on without a word when one does not fit, and
   * makes it anew for every job; one that is missing may also have gone with its executor.
   */
  boolean areHeld() {
    BlockManagerMaster blocks = partitions.rdd().sparkContext().env().blockManager().master();
    return IntStream.range(0, ranks())
        .noneMatch(rank -> blocks.getLocations(new RDDBlockId(partitions.id(), rank)).isEmpty());
  }

  /**
   * Reads again what has gone with executors, which may take long: here nobody waits for a rank.
   */
  void restore() {
    if (!areHeld()) {
      read();
    }
  }

  private ClusterException noRoom(Exception cause) {
    return new ClusterException(
        "no room for the %d MB of %s that each of %d ranks holds; give --executor-memory (in local mode --driver-memory) more than that, use more executors, or set data.memory-limit"
            .formatted(
                set.examples() / ranks() * set.format().bytes() / (1 << 20), set.name(), ranks()),
        cause);
  }

  JavaRDD<RankShards> partitions() {
    return partitions;
  }

  int ranks() {
    return partitions.getNumPartitions();
  }

  @Override
  public void close() {
    // Waits: Spark prints stack traces if it is stopped while blocks are being removed. Shards in
    // files do not travel, and one that was asked for from elsewhere stays locked in Spark: to wait
    // for its removal would be to wait for a timeout.
    Uninterrupted.unpersist(partitions, room == ShardRoom.HEAP);
  }

  /** First shard of rank r of N. */
  public static int firstShard(int rank, int ranks, int shards) {
    return (int) ((long) rank * shards / ranks);
  }

  /** The rank, of N, that holds a shard. */
  static int rankOf(int shard, int ranks, int shards) {
    return (int) (((shard + 1L) * ranks - 1) / shards);
  }

  /** Reads the shards of a rank. */
  private static final class Cut implements FlatMapFunction<Iterator<Integer>, RankShards> {
    private static final long serialVersionUID = 1;

    private final ExampleSource source;
    private final BatchPlan plan;
    private final int ranks;
    private final int classes;
    private final ShardRoom room;

    /** Of {@link EarlyShards}; null where there are none. */
    private final UUID early;

    Cut(ExampleSource source, BatchPlan plan, int ranks, int classes, ShardRoom room, UUID early) {
      this.source = source;
      this.plan = plan;
      this.ranks = ranks;
      this.classes = classes;
      this.room = room;
      this.early = early;
    }

    @Override
    public Iterator<RankShards> call(Iterator<Integer> ids) throws IOException {
      int rank = ids.next();
      int from = firstShard(rank, ranks, plan.shards());
      int to = firstShard(rank + 1, ranks, plan.shards());
      return List.of(new RankShards(rank, read(from, to))).iterator();
    }

    private List<Shard> read(int from, int to) throws IOException {
      Optional<List<Shard>> here = early == null ? Optional.empty() : EarlyShards.find(early);
      return here.isPresent()
          ? List.copyOf(here.get().subList(from, to))
          : Shard.read(source, plan, from, to, classes, room);
    }
  }
}
