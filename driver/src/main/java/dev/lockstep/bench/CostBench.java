package dev.lockstep.bench;

import dev.lockstep.bench.Growth.Line;
import dev.lockstep.bench.Table.Column;
import dev.lockstep.bench.cost.Cluster;
import dev.lockstep.bench.cost.CostModel;
import dev.lockstep.bench.cost.Scheme;
import dev.lockstep.bench.cost.StepCost;
import dev.lockstep.bench.cost.Wire;
import dev.lockstep.bench.cost.Work;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticDigits;
import dev.lockstep.engine.Decisions;
import dev.lockstep.engine.PanelSquares;
import dev.lockstep.engine.StepEnd;
import dev.lockstep.engine.Training;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.network.Network;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.spark.exchange.ExchangeProbe;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Measures the constants of a {@link CostModel} one by one, predicts steps from them and measures
 * those that this machine can run; {@link Forecast} then tells of larger clusters.
 */
public final class CostBench {
  private static final int[] BATCHES = {1, 64, 1024};
  private static final int[] STEPS = {128, 1024, 4096};
  private static final int[] FRAMES = {1, 16, 64, 256};
  private static final int[] FLOATS = {1 << 16, 1 << 18, 1 << 20, 1 << 22};
  private static final int WARM_UP_TURNS = 1;
  private static final int TURNS = 5;
  private static final int PROBE_TURNS = 15;
  private static final int ROUND_TRIPS = 500;
  private static final int MEETINGS = 2000;
  private static final int EXAMPLES = 4096;
  private static final long PACK_NANOS = 30_000_000;

  private final RunConfig config;
  private final Consumer<String> progress;
  private final Networks networks;

  /** For the network and optimiser of a configuration. */
  public CostBench(RunConfig config, Consumer<String> progress) {
    this.config = config;
    this.progress = progress;
    this.networks = new Networks(config);
  }

  /** What exchange costs, whatever the network; seconds. */
  private record Exchange(double alpha, double frame, double beta, double meet) {}

  /**
   * Measures and predicts.
   *
   * @param ranks for which there are slots
   * @param others sizes of networks to forecast beside that of the configuration
   */
  public List<Table> run(JavaSparkContext spark, List<Integer> ranks, List<Integer> others)
      throws IOException {
    Exchange exchange = probe();
    progress.accept("frames and meetings: done");
    List<Forecast.Subject> subjects = new ArrayList<>();
    subjects.add(subject(networks.configured(), exchange));
    for (int size : others) {
      Network network = networks.ofSize(size);
      boolean fits = networks.bytesAlone(network) <= Heap.room();
      subjects.add(
          fits ? subject(network, exchange) : enlarged(network, subjects.get(subjects.size() - 1)));
      progress.accept("constants of %,d parameters: done".formatted(size));
    }
    List<Table> tables = new ArrayList<>();
    tables.add(exchangeTable(exchange));
    tables.add(constantsTable(subjects));
    tables.add(comparison(spark, ranks, subjects.get(0)));
    tables.addAll(new Forecast(subjects).tables());
    return tables;
  }

  private Exchange probe() {
    try (ExchangeProbe probe = new ExchangeProbe()) {
      List<DoubleSupplier> sides = new ArrayList<>();
      sides.add(() -> probe.latency(ROUND_TRIPS));
      sides.add(() -> probe.meeting(2, MEETINGS));
      for (int frames : FRAMES) {
        sides.add(() -> probe.exchange(frames, 0));
      }
      for (int floats : FLOATS) {
        sides.add(() -> probe.exchange(1, floats));
      }
      Turns turns = Turns.of(PROBE_TURNS, PROBE_TURNS, sides);
      double[] byFrames = new double[FRAMES.length];
      double[] frames = new double[FRAMES.length];
      for (int i = 0; i < FRAMES.length; i++) {
        frames[i] = FRAMES[i];
        byFrames[i] = turns.median(2 + i) / 1e9;
      }
      double[] byBytes = new double[FLOATS.length];
      double[] bytes = new double[FLOATS.length];
      for (int i = 0; i < FLOATS.length; i++) {
        bytes[i] = (double) FLOATS[i] * Float.BYTES;
        byBytes[i] = turns.median(2 + FRAMES.length + i) / 1e9;
      }
      return new Exchange(
          turns.median(0) / 1e9,
          Line.through(frames, byFrames).each(),
          Line.through(bytes, byBytes).each(),
          turns.median(1) / 1e9 / 2);
    }
  }

  private Forecast.Subject subject(Network network, Exchange exchange) throws IOException {
    int floats = network.layout().length();
    double gamma = mergeNanos(floats) / 1e9 / floats;
    double update = updateNanos(network) / 1e9 / floats;
    List<Alone> engines = new ArrayList<>();
    double[] batches = new double[BATCHES.length];
    for (int i = 0; i < BATCHES.length; i++) {
      batches[i] = BATCHES[i];
      engines.add(Alone.load(training(network, BATCHES[i]), kernels()));
    }
    Turns turns = Alone.byTurns(WARM_UP_TURNS, TURNS, engines);
    double[] seconds = new double[BATCHES.length];
    for (int i = 0; i < BATCHES.length; i++) {
      seconds[i] = turns.median(i) / 1e9;
    }
    Line line = Line.through(batches, seconds);
    return new Forecast.Subject(
        network,
        new CostModel(
            exchange.alpha(),
            exchange.frame(),
            exchange.beta(),
            gamma,
            update,
            Math.max(0, line.fixed() / floats - update),
            line.each(),
            exchange.meet()),
        true);
  }

  /**
   * A network for which there is no room here: as fast per float and operation as a smaller one.
   */
  private static Forecast.Subject enlarged(Network network, Forecast.Subject smaller) {
    CostModel model = smaller.model();
    double more = Product.flops(network, 1) / (double) Product.flops(smaller.network(), 1);
    return new Forecast.Subject(
        network,
        new CostModel(
            model.alpha(),
            model.frame(),
            model.beta(),
            model.gamma(),
            model.update(),
            model.pass(),
            model.perExample() * more,
            model.meet()),
        false);
  }

  private Training training(Network network, int batch) {
    return networks.training(network, EXAMPLES, batch, BatchPlan.autoShards(batch));
  }

  private static double mergeNanos(int floats) {
    NodeSum left = new NodeSum(0, new float[floats], 0, 1);
    NodeSum right = new NodeSum(0, new float[floats], 0, 1);
    return nanos(() -> left.plus(right, 0, floats));
  }

  private double updateNanos(Network network) {
    Training training = training(network, BATCHES[0]);
    StepEnd end = new StepEnd(training, Decisions.NONE, kernels());
    ParameterLayout layout = network.layout();
    float[] gradient = new float[layout.length()];
    float[] parameters = new float[layout.length()];
    float[][] slots = new float[training.slots().size()][layout.length()];
    PanelSquares squares = PanelSquares.of(layout);
    NodeSum sum = new NodeSum(0, gradient, 1, 1);
    return nanos(() -> end.update(0, sum, layout.slices(), gradient, parameters, slots, squares));
  }

  private static double nanos(Runnable work) {
    Repeated.lasting(PACK_NANOS, work).warmUp(2 * PACK_NANOS);
    Repeated repeated = Repeated.lasting(PACK_NANOS, work);
    return Turns.of(1, TURNS, List.of(repeated::nanos)).median(0);
  }

  private static Table exchangeTable(Exchange exchange) {
    Table table =
        new Table(
            "What exchange is made of: Spark's transport over loopback, ranks in memory",
            new Column("alpha, us a frame", "alpha_micros", "%.0f"),
            new Column("each further frame, us", "frame_micros", "%.1f"),
            new Column("beta, ns a byte", "beta_nanos", "%.3f"),
            new Column("1/beta, GB/s", "gigabytes_per_second", "%.2f"),
            new Column("meeting, us a rank", "meet_micros", "%.1f"));
    table.add(
        exchange.alpha() * 1e6,
        exchange.frame() * 1e6,
        exchange.beta() * 1e9,
        1e-9 / exchange.beta(),
        exchange.meet() * 1e6);
    return table;
  }

  private static Table constantsTable(List<Forecast.Subject> subjects) {
    Table table =
        new Table(
            "What computing is made of, one thread",
            new Column("parameters", "parameters", "%,d"),
            new Column("floats", "floats", "%,d"),
            Column.text("measured", "measured"),
            new Column("gamma, ns a float merged", "gamma_nanos", "%.2f"),
            new Column("u, ns a float updated", "update_nanos", "%.2f"),
            new Column("p, ns a float and step", "pass_nanos", "%.2f"),
            new Column("c, us an example", "example_micros", "%,.2f"),
            new Column("GFLOP/s", "gflops", "%.1f"));
    for (Forecast.Subject subject : subjects) {
      CostModel model = subject.model();
      table.add(
          subject.parameters(),
          subject.network().layout().length(),
          subject.isMeasured() ? "here" : "from the row above",
          model.gamma() * 1e9,
          model.update() * 1e9,
          model.pass() * 1e9,
          model.perExample() * 1e6,
          Product.flops(subject.network(), 1) / model.perExample() / 1e9);
    }
    return table;
  }

  /** Steps of the all-reduce engine in this session, predicted and measured. */
  private Table comparison(JavaSparkContext spark, List<Integer> ranks, Forecast.Subject subject)
      throws IOException {
    Table table =
        new Table(
            "Predicted against measured: allreduce, %s, %,d parameters, medians of %d turns"
                .formatted(spark.master(), subject.parameters(), TURNS),
            new Column("executors", "executors", "%d"),
            new Column("ranks", "ranks", "%d"),
            new Column("batch", "batch", "%,d"),
            new Column("shards", "shards", "%d"),
            new Column("nodes of a rank", "nodes", "%.2f"),
            new Column("compute", "compute_micros", "%,.0f"),
            new Column("meeting", "meeting_micros", "%,.0f"),
            new Column("latency", "latency_micros", "%,.0f"),
            new Column("transfer", "transfer_micros", "%,.0f"),
            new Column("merging", "merging_micros", "%,.0f"),
            new Column("update", "update_micros", "%,.0f"),
            new Column("predicted, us", "predicted_micros", "%,.0f"),
            new Column("measured, us", "measured_micros", "%,.0f"),
            new Column("measured / predicted", "ratio", "%.2f"));
    List<Measured> sides = new ArrayList<>();
    try {
      for (int count : ranks) {
        Optional<Cluster> cluster = here(spark, count);
        if (cluster.isPresent()) {
          sides.add(measured(spark, subject.network(), cluster.get(), count, count));
          for (int batch : STEPS) {
            int shards = BatchPlan.autoShards(batch);
            if (count <= shards) {
              sides.add(measured(spark, subject.network(), cluster.get(), batch, shards));
            }
          }
        }
      }
      List<DoubleSupplier> steps = new ArrayList<>();
      for (Measured side : sides) {
        int count = side.allReduce.warmUp(Ranks.warmUpNanos(spark));
        steps.add(() -> side.allReduce.step(count));
      }
      Turns turns = Turns.of(WARM_UP_TURNS, TURNS, steps);
      for (int i = 0; i < sides.size(); i++) {
        Measured side = sides.get(i);
        StepCost cost = subject.model().step(side.work, side.cluster, Scheme.DIRECT);
        table.add(
            side.cluster.executors(),
            side.cluster.totalRanks(),
            side.work.batch(),
            side.work.shards(),
            side.work.meanNodes(side.cluster.totalRanks()),
            cost.compute() * 1e6,
            cost.meeting() * 1e6,
            cost.latency() * 1e6,
            cost.transfer() * 1e6,
            cost.merging() * 1e6,
            cost.update() * 1e6,
            cost.total() * 1e6,
            turns.median(i) / 1e3,
            turns.median(i) / 1e9 / cost.total());
      }
      return table;
    } finally {
      sides.forEach(Measured::close);
    }
  }

  /** How so many ranks lie in this session; empty if that is not known, or on other machines. */
  private static Optional<Cluster> here(JavaSparkContext spark, int ranks) {
    int cores = Runtime.getRuntime().availableProcessors();
    if (spark.isLocal()) {
      return Optional.of(new Cluster(1, ranks, 1, cores, Wire.NONE));
    }
    boolean oneEach = spark.master().matches("local-cluster\\[\\d+, *1 *,.*");
    return oneEach ? Optional.of(new Cluster(ranks, 1, ranks, cores, Wire.NONE)) : Optional.empty();
  }

  private Measured measured(
      JavaSparkContext spark, Network network, Cluster cluster, int batch, int shards) {
    Training training = networks.training(network, EXAMPLES, batch, shards);
    Ranks ranks =
        new Ranks(
            spark,
            config,
            training,
            new SyntheticDigits(EXAMPLES, 1, Split.TRAIN),
            cluster.totalRanks());
    return new Measured(
        new Work(network.layout(), batch, shards), cluster, ranks, ranks.allReduce());
  }

  private record Measured(Work work, Cluster cluster, Ranks ranks, Side allReduce)
      implements AutoCloseable {
    @Override
    public void close() {
      allReduce.close();
      ranks.close();
    }
  }

  private Kernels kernels() {
    return KernelChoice.of(config.kernel()).kernels();
  }
}
