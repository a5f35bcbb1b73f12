package dev.lockstep.bench;

import dev.lockstep.bench.Table.Column;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticDigits;
import dev.lockstep.engine.Training;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.network.Network;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * How the cost of a step grows: with parameters, batch, shards, examples and ranks, one at a time.
 * Within a table the sizes take turns. The first four are steps of the reference engine in one
 * thread; ranks are timed with steps of one example each, where next to nothing is computed but all
 * parameters go round.
 */
public final class ScalingBench {
  private static final int WARM_UP_TURNS = 1;
  private static final int TURNS = 5;
  private static final int EXCHANGE_WARM_UP_TURNS = 1;
  private static final int EXCHANGE_TURNS = 7;
  private static final int SMALL_BATCH = 64;
  private static final int LARGE_BATCH = 1024;
  private static final int SHARDED_BATCH = 16_384;
  private static final int FEW_EXAMPLES = 4096;
  private static final long WARM_UP_NANOS = 1_500_000_000;

  private final RunConfig config;
  private final Consumer<String> progress;
  private final Networks networks;

  /** For the network and optimiser of a configuration. */
  public ScalingBench(RunConfig config, Consumer<String> progress) {
    this.config = config;
    this.progress = progress;
    this.networks = new Networks(config);
  }

  /** Lets the compiler see blocks of few rows and of many before anything is measured. */
  public void warmUp() throws IOException {
    for (int batch : new int[] {1, SMALL_BATCH, LARGE_BATCH}) {
      int unused =
          alone(networks.configured(), FEW_EXAMPLES, batch, BatchPlan.autoShards(batch))
              .side()
              .warmUp(WARM_UP_NANOS);
    }
  }

  /** Steps against parameters of networks with two hidden layers of the same width. */
  public Table parameters(List<Integer> sizes) throws IOException {
    Growing growing =
        Growing.of(
            "Against parameters: one thread, batch %d, medians of %d turns"
                .formatted(SMALL_BATCH, TURNS),
            1,
            List.of(
                new Column("parameters", "parameters", "%,d"),
                new Column("floats", "floats", "%,d"),
                new Column("us a step", "micros", "%,.0f"),
                new Column("ns a float", "nanos_per_float", "%.2f"),
                new Column("GFLOP/s", "gflops", "%.1f")),
            2);
    List<Network> shapes = new ArrayList<>();
    List<Alone> engines = new ArrayList<>();
    for (int size : sizes) {
      Network network = networks.ofSize(size);
      if (networks.bytesAlone(network) > Heap.room()) {
        leaveOut("%,d parameters".formatted(size), networks.bytesAlone(network));
        continue;
      }
      shapes.add(network);
      engines.add(alone(network, FEW_EXAMPLES, SMALL_BATCH, BatchPlan.autoShards(SMALL_BATCH)));
    }
    Turns turns = byTurns(engines);
    for (int i = 0; i < engines.size(); i++) {
      Network network = shapes.get(i);
      int floats = network.layout().length();
      growing.add(
          network.layout().parameters(),
          floats,
          turns.median(i) / 1e3,
          turns.median(i) / floats,
          Product.flops(network, SMALL_BATCH) / turns.median(i));
    }
    return growing.table();
  }

  /** Steps against the batch, with as many shards as {@code auto} takes. */
  public Table batches(List<Integer> sizes) throws IOException {
    Growing growing =
        Growing.of(
            "Against the batch: one thread, medians of %d turns".formatted(TURNS),
            0,
            List.of(
                new Column("batch", "batch", "%,d"),
                new Column("shards", "shards", "%,d"),
                new Column("us a step", "micros", "%,.0f"),
                new Column("us an example", "micros_per_example", "%.2f"),
                new Column("GFLOP/s", "gflops", "%.1f")),
            2);
    Network network = networks.configured();
    int examples = sizes.stream().mapToInt(b -> b).max().orElseThrow();
    List<Alone> engines = new ArrayList<>();
    for (int batch : sizes) {
      engines.add(alone(network, examples, batch, BatchPlan.autoShards(batch)));
    }
    Turns turns = byTurns(engines);
    for (int i = 0; i < engines.size(); i++) {
      int batch = sizes.get(i);
      growing.add(
          batch,
          BatchPlan.autoShards(batch),
          turns.median(i) / 1e3,
          turns.median(i) / 1e3 / batch,
          Product.flops(network, batch) / turns.median(i));
    }
    return growing.table();
  }

  /** Steps of the same batch against shards. */
  public Table shards(List<Integer> sizes) throws IOException {
    Growing growing =
        Growing.of(
            "Against shards: one thread, batch %,d, medians of %d turns"
                .formatted(SHARDED_BATCH, TURNS),
            0,
            List.of(
                new Column("shards", "shards", "%,d"),
                new Column("examples of a shard", "micro_batch", "%,d"),
                new Column("us a step", "micros", "%,.0f"),
                new Column("over the first", "ratio", "%.3f")),
            2);
    List<Alone> engines = new ArrayList<>();
    for (int count : sizes) {
      engines.add(alone(networks.configured(), SHARDED_BATCH, SHARDED_BATCH, count));
    }
    Turns turns = byTurns(engines);
    for (int i = 0; i < engines.size(); i++) {
      int count = sizes.get(i);
      growing.add(count, SHARDED_BATCH / count, turns.median(i) / 1e3, turns.ratios(i, 0).median());
    }
    return growing.table();
  }

  /** Loading and steps against the examples of the training set. */
  public Table examples(List<Integer> sizes) throws IOException {
    Growing growing =
        Growing.of(
            "Against examples: one thread, batch %d, medians of %d turns"
                .formatted(LARGE_BATCH, TURNS),
            0,
            List.of(
                new Column("examples", "examples", "%,d"),
                new Column("MB", "megabytes", "%,.0f"),
                new Column("s to load", "load_seconds", "%.2f"),
                new Column("us an example", "load_micros_per_example", "%.2f"),
                new Column("us a step", "micros", "%,.0f")),
            2,
            4);
    Network network = networks.configured();
    List<Alone> engines = new ArrayList<>();
    List<Integer> loaded = new ArrayList<>();
    alone(network, FEW_EXAMPLES, LARGE_BATCH, 1);
    for (int count : sizes) {
      long bytes = count * (long) (networks.features() + Integer.BYTES);
      if (bytes > Heap.room()) {
        leaveOut("%,d examples".formatted(count), bytes);
        continue;
      }
      engines.add(alone(network, count, LARGE_BATCH, BatchPlan.autoShards(LARGE_BATCH)));
      loaded.add(count);
      progress.accept("examples: %,d loaded".formatted(count));
    }
    Turns turns = byTurns(engines);
    for (int i = 0; i < engines.size(); i++) {
      int count = loaded.get(i);
      growing.add(
          count,
          count * (double) networks.features() / 1e6,
          engines.get(i).loadNanos() / 1e9,
          engines.get(i).loadNanos() / 1e3 / count,
          turns.median(i) / 1e3);
    }
    return growing.table();
  }

  /** Coordination against ranks; more of them than processors share these. */
  public Table ranks(JavaSparkContext spark, List<Integer> sizes) throws IOException {
    Growing growing =
        Growing.of(
            "Against ranks: one example each, %s, medians of %d turns"
                .formatted(spark.master(), EXCHANGE_TURNS),
            0,
            List.of(
                new Column("ranks", "ranks", "%d"),
                new Column("allreduce, us", "allreduce_micros", "%,.0f"),
                new Column("us a rank", "allreduce_micros_per_rank", "%,.0f"),
                new Column("tree, us", "tree_micros", "%,.0f"),
                new Column("between rounds, ms", "between_rounds_millis", "%.1f")),
            1,
            3,
            4);
    List<Exchanging> sides = new ArrayList<>();
    try {
      for (int count : sizes) {
        sides.add(exchanging(spark, networks.configured(), count));
      }
      Turns turns = exchangeByTurns(spark, sides);
      for (int i = 0; i < sides.size(); i++) {
        int count = sizes.get(i);
        growing.add(
            count,
            turns.median(3 * i) / 1e3,
            turns.median(3 * i) / 1e3 / count,
            turns.median(3 * i + 2) / 1e3,
            turns.median(3 * i + 1) / 1e6);
      }
      return growing.table();
    } finally {
      sides.forEach(Exchanging::close);
    }
  }

  /** Coordination against parameters, for some ranks. */
  public Table exchangedParameters(JavaSparkContext spark, int ranks, List<Integer> sizes)
      throws IOException {
    Growing growing =
        Growing.of(
            "Coordination against parameters: %d ranks, one example each, %s, medians of %d turns"
                .formatted(ranks, spark.master(), EXCHANGE_TURNS),
            1,
            List.of(
                new Column("parameters", "parameters", "%,d"),
                new Column("floats", "floats", "%,d"),
                new Column("allreduce, us", "allreduce_micros", "%,.0f"),
                new Column("ns a float", "allreduce_nanos_per_float", "%.2f"),
                new Column("tree, us", "tree_micros", "%,.0f"),
                new Column("ns a float", "tree_nanos_per_float", "%.2f"),
                new Column("between rounds, ms", "between_rounds_millis", "%.1f")),
            2,
            4,
            6);
    for (int size : sizes) {
      Network network = networks.ofSize(size);
      long need = networks.bytesExchanging(network, ranks);
      long room = Math.min(Heap.room(), spark.isLocal() ? Long.MAX_VALUE : executorRoom(spark));
      // In a heap that is more than half full the collector never rests, and takes cores of ranks.
      if (2 * need > room) {
        leaveOut("%,d parameters between ranks".formatted(size), need);
        continue;
      }
      try (Exchanging side = exchanging(spark, network, ranks)) {
        Turns turns = exchangeByTurns(spark, List.of(side));
        int floats = network.layout().length();
        growing.add(
            network.layout().parameters(),
            floats,
            turns.median(0) / 1e3,
            turns.median(0) / floats,
            turns.median(2) / 1e3,
            turns.median(2) / floats,
            turns.median(1) / 1e6);
      }
      progress.accept("coordination of %,d parameters: done".formatted(size));
    }
    return growing.table();
  }

  private static long executorRoom(JavaSparkContext spark) {
    return (long) spark.sc().executorMemory() << 20;
  }

  private void leaveOut(String what, long bytes) {
    progress.accept(
        "%s would take %,d MB of heap, more than is left: left out; --driver-memory gives more"
            .formatted(what, bytes >> 20));
  }

  /** The name of the kernels. */
  public String kernel() {
    return kernels().name();
  }

  private Kernels kernels() {
    return KernelChoice.of(config.kernel()).kernels();
  }

  private Alone alone(Network network, int examples, int batch, int shards) throws IOException {
    return Alone.load(networks.training(network, examples, batch, shards), kernels());
  }

  private static Turns byTurns(List<Alone> engines) {
    return Alone.byTurns(WARM_UP_TURNS, TURNS, engines);
  }

  /** Both engines over the same ranks. */
  private record Exchanging(Ranks ranks, Side allReduce, Side tree) implements AutoCloseable {
    @Override
    public void close() {
      allReduce.close();
      tree.close();
      ranks.close();
    }
  }

  private Exchanging exchanging(JavaSparkContext spark, Network network, int count) {
    Training training = networks.training(network, FEW_EXAMPLES, count, count);
    Ranks ranks =
        new Ranks(
            spark, config, training, new SyntheticDigits(FEW_EXAMPLES, 1, Split.TRAIN), count);
    return new Exchanging(ranks, ranks.allReduce(), ranks.tree());
  }

  /** Three values of each side: a step of all-reduce, what is between rounds, a step of tree. */
  private static Turns exchangeByTurns(JavaSparkContext spark, List<Exchanging> exchanging) {
    List<DoubleSupplier> sides = new ArrayList<>();
    for (Exchanging side : exchanging) {
      int steps = side.allReduce().warmUp(Ranks.warmUpNanos(spark));
      int jobs = side.tree().warmUp(Ranks.warmUpNanos(spark));
      sides.add(() -> side.allReduce().step(steps));
      sides.add(side.allReduce()::besideNext);
      sides.add(() -> side.tree().stepWithin(jobs));
    }
    return Turns.of(EXCHANGE_WARM_UP_TURNS, EXCHANGE_TURNS, sides);
  }
}
