package dev.lockstep.cli;

import dev.lockstep.bench.CostBench;
import dev.lockstep.bench.ExchangeBench;
import dev.lockstep.bench.KernelBench;
import dev.lockstep.bench.Report;
import dev.lockstep.bench.RunBench;
import dev.lockstep.bench.ScalingBench;
import dev.lockstep.bench.StepBench;
import dev.lockstep.bench.Table;
import dev.lockstep.config.ConfigException;
import dev.lockstep.config.ConfigReader;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Split;
import dev.lockstep.engine.Training;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.network.Network;
import dev.lockstep.source.DataSets;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import dev.lockstep.train.ExitCode;
import dev.lockstep.train.SparkSessions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures speed on this machine. */
@Command(
    name = "bench",
    description = {
      "Measures speed on this machine; prints tables that are also Markdown.",
      "What they show, and how to read them: docs/performance.md."
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      BenchCommand.Products.class,
      BenchCommand.Step.class,
      BenchCommand.Run.class,
      BenchCommand.Exchange.class,
      BenchCommand.Scaling.class
    })
final class BenchCommand implements Runnable {
  /** What is measured where nothing else is said; the network of the published comparisons. */
  private static final String SETTINGS =
      """
      layers = [dense 256 relu, dense 128 relu, dense 64 relu, dense 10]
      optimizer { name = momentum, learning-rate = 0.01 }
      """;

  /** Where speed is all that counts, no network should leave the finite numbers. */
  private static final String SLOW_LEARNING = "optimizer.learning-rate=1e-6";

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is missing: bench kernels, bench step, bench run, bench exchange or bench"
            + " scaling");
  }

  /** What all of them share: what is measured, and where the numbers go. */
  static final class BenchOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
        names = "--set",
        paramLabel = "KEY=VALUE",
        description =
            "A setting of the run; may be repeated. Without: 784-256-128-64-10, relu, momentum,"
                + " 60,000 synthetic digits.")
    private List<String> settings = new ArrayList<>();

    @Option(
        names = "--json",
        paramLabel = "FILE",
        description = "Writes every number to a file too, with all its digits.")
    private String json;

    /** The configuration, with further settings before the user's. */
    RunConfig config(String... more) {
      List<String> overrides = new ArrayList<>(List.of(more));
      overrides.addAll(settings);
      return ConfigReader.read(Optional.of(SETTINGS), "bench", overrides);
    }

    ExampleSource source() throws IOException {
      return DataSets.open(config().data().uri(), Split.TRAIN);
    }

    Kernels kernels() {
      try {
        return KernelChoice.of(config().kernel()).kernels();
      } catch (IllegalArgumentException e) {
        throw new ConfigException(e.getMessage(), e);
      }
    }

    /** Progress, which is no result. */
    void tell(String line) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(line);
      err.flush();
    }

    int print(Report report) throws IOException {
      PrintWriter out = spec.commandLine().getOut();
      out.print(report.text());
      out.flush();
      if (json != null) {
        byte[] bytes = report.json().getBytes(StandardCharsets.UTF_8);
        Storage.at(new Location(json)).writeAtomically("", stream -> stream.write(bytes));
      }
      return ExitCode.DONE;
    }
  }

  /** Where those run that need Spark. */
  static final class SparkOptions {
    @Option(
        names = "--master",
        paramLabel = "URL",
        description =
            "Spark's master: local[*] (the default), or as `train` takes it; what spark-submit was"
                + " given goes first.")
    private String master;

    JavaSparkContext open() {
      return SparkSessions.open(Optional.ofNullable(master));
    }
  }

  /** Sizes, positive. */
  private static List<Integer> checked(String option, List<Integer> sizes) {
    for (int size : sizes) {
      if (size < 1) {
        throw new ConfigException("%s %d: want 1 or more".formatted(option, size));
      }
    }
    return sizes;
  }

  /** Sizes of batches, positive. */
  private static List<Integer> checked(List<Integer> batches) {
    return checked("--batch", batches);
  }

  /** Measures the products of a network. */
  @Command(
      name = "kernels",
      description = {
        "Measures the products of a network in one thread, against the peak of a core.",
        "FLOPs and bytes are counted; the bounds are those of the roofline model."
      },
      mixinStandardHelpOptions = true)
  static final class Products implements Callable<Integer> {
    @Mixin private BenchOptions options;

    @Option(
        names = "--batch",
        paramLabel = "B",
        split = ",",
        defaultValue = "64,256,1024",
        description =
            "Rows; above 512 a multiple of it. May be repeated; ${DEFAULT-VALUE} without.")
    private List<Integer> batches;

    @Option(
        names = "--kernel",
        paramLabel = "KERNEL",
        description = "auto (the default), scalar, vector128, vector256 or vector512.")
    private String kernel;

    @Option(
        names = "--seconds",
        paramLabel = "S",
        defaultValue = "30",
        description = "How long it may take, about; ${DEFAULT-VALUE} without.")
    private double seconds;

    @Override
    public Integer call() throws IOException {
      for (int batch : checked(batches)) {
        if (batch > Network.MAX_BLOCK_ROWS && batch % Network.MAX_BLOCK_ROWS != 0) {
          throw new ConfigException(
              "--batch %d: want at most %d, or a multiple of it"
                  .formatted(batch, Network.MAX_BLOCK_ROWS));
        }
      }
      if (!(seconds > 0)) {
        throw new ConfigException("--seconds %s: want more than 0".formatted(seconds));
      }
      if (kernel != null) {
        options.settings.add("kernel=" + kernel);
      }
      Network network = options.config().toTraining(1, options.source().features()).network();
      return options.print(KernelBench.run(network, batches, options.kernels(), seconds));
    }
  }

  /** Measures a step. */
  @Command(
      name = "step",
      description = {
        "Measures a whole training step of the reference engine, in one thread, and where its time"
            + " goes.",
        "The parts add up to the step; the step without timers stands beside them."
      },
      mixinStandardHelpOptions = true)
  static final class Step implements Callable<Integer> {
    @Mixin private BenchOptions options;

    @Option(
        names = "--batch",
        paramLabel = "B",
        split = ",",
        defaultValue = "128,1024",
        description = "Examples of a step; may be repeated. ${DEFAULT-VALUE} without.")
    private List<Integer> batches;

    @Override
    public Integer call() throws IOException {
      ExampleSource source = options.source();
      List<Training> trainings = new ArrayList<>();
      for (int batch : checked(batches)) {
        trainings.add(
            options.config("batch-size=" + batch).toTraining(source.examples(), source.features()));
      }
      return options.print(
          StepBench.run(trainings, source, options.config().init().scheme(), options.kernels()));
    }
  }

  /** Measures whole runs. */
  @Command(
      name = "run",
      description = {
        "Measures whole training runs in one warm Spark session: data, rounds, metrics,"
            + " checkpoints.",
        "Everything is as `train` does it; the run directories are temporary."
      },
      mixinStandardHelpOptions = true)
  static final class Run implements Callable<Integer> {
    @Mixin private BenchOptions options;

    @Option(
        names = "--batch",
        paramLabel = "B",
        split = ",",
        defaultValue = "128,1024,4096",
        description = "Examples of a step; may be repeated. ${DEFAULT-VALUE} without.")
    private List<Integer> batches;

    @Option(
        names = "--engine",
        paramLabel = "E",
        defaultValue = "auto",
        description = "auto (the default), local, tree or allreduce.")
    private String engine;

    @Mixin private SparkOptions spark;

    @Option(
        names = "--warm-ups",
        paramLabel = "N",
        defaultValue = "2",
        description = "Runs before those that count; ${DEFAULT-VALUE} without.")
    private int warmUps;

    @Option(
        names = "--runs",
        paramLabel = "N",
        defaultValue = "5",
        description = "Runs that count; ${DEFAULT-VALUE} without.")
    private int runs;

    @Override
    public Integer call() throws IOException {
      if (warmUps < 0 || runs < 1) {
        throw new ConfigException(
            "--warm-ups %d --runs %d: want at least 0 and 1".formatted(warmUps, runs));
      }
      List<RunConfig> configs =
          checked(batches).stream()
              .map(batch -> options.config("batch-size=" + batch, "engine=" + engine))
              .toList();
      AtomicReference<JavaSparkContext> session = new AtomicReference<>();
      try {
        RunBench bench = new RunBench(() -> open(session), options::tell);
        return options.print(bench.run(configs, warmUps, runs));
      } finally {
        if (session.get() != null) {
          session.get().stop();
        }
      }
    }

    private JavaSparkContext open(AtomicReference<JavaSparkContext> session) {
      if (session.get() == null) {
        session.set(spark.open());
      }
      return session.get();
    }
  }

  /** Measures coordination. */
  @Command(
      name = "exchange",
      description = {
        "Measures what coordination adds to a step: steps of one example a rank, where next to"
            + " nothing is computed but all parameters go round.",
        "Beside them a step without Spark, and a bare Spark job over the same bytes."
      },
      mixinStandardHelpOptions = true)
  static final class Exchange implements Callable<Integer> {
    @Mixin private BenchOptions options;

    @Option(
        names = "--ranks",
        paramLabel = "N",
        split = ",",
        defaultValue = "2",
        description =
            "Ranks, a slot of the master for each; may be repeated. ${DEFAULT-VALUE} without.")
    private List<Integer> ranks;

    @Mixin private SparkOptions spark;

    @Override
    public Integer call() throws IOException {
      checked("--ranks", ranks);
      JavaSparkContext session = spark.open();
      try {
        int slots = SparkSessions.awaitSlots(session, OptionalInt.of(Collections.max(ranks)));
        for (int count : ranks) {
          if (count > slots) {
            throw new ConfigException(
                "--ranks %d: want 1 to %d, the slots of %s"
                    .formatted(count, slots, session.master()));
          }
        }
        RunConfig config = options.config(SLOW_LEARNING);
        return options.print(new ExchangeBench(session, config, options::tell).run(ranks));
      } finally {
        session.stop();
      }
    }
  }

  /** Measures how costs grow. */
  @Command(
      name = "scaling",
      description = {
        "Measures how the cost of a step grows with parameters, batch, shards, examples and ranks;"
            + " and predicts it, from measured constants, for clusters that are not at hand.",
        "An exponent is the slope between a row and the one before, both axes logarithmic: 0 is"
            + " flat, 1 linear, 2 quadratic."
      },
      mixinStandardHelpOptions = true)
  static final class Scaling implements Callable<Integer> {
    /** Parameters of the networks that are forecast beside the configured one. */
    private static final List<Integer> FORECAST = List.of(10_000_000, 100_000_000);

    @Mixin private BenchOptions options;

    @Option(
        names = "--only",
        paramLabel = "TABLE",
        split = ",",
        description =
            "What to measure: ${COMPLETION-CANDIDATES}; all of them without. May be repeated.")
    private Set<Sweep> only = EnumSet.allOf(Sweep.class);

    @Option(
        names = "--parameters",
        paramLabel = "P",
        split = ",",
        defaultValue = "10000,100000,1000000,10000000,100000000",
        description =
            "Sizes of networks, about; ${DEFAULT-VALUE} without. What the heap has no room for is"
                + " left out.")
    private List<Integer> parameters;

    @Option(
        names = "--batch",
        paramLabel = "B",
        split = ",",
        defaultValue = "32,128,512,2048,8192,32768,65536",
        description = "Examples of a step; ${DEFAULT-VALUE} without.")
    private List<Integer> batches;

    @Option(
        names = "--shards",
        paramLabel = "V",
        split = ",",
        defaultValue = "1,4,16,64,256,1024",
        description = "Shards; ${DEFAULT-VALUE} without.")
    private List<Integer> shards;

    @Option(
        names = "--examples",
        paramLabel = "n",
        split = ",",
        defaultValue = "60000,240000,960000",
        description =
            "Examples of the training set; ${DEFAULT-VALUE} without. 8000000 take 6.3 GB of heap and"
                + " a minute to draw.")
    private List<Integer> examples;

    @Option(
        names = "--ranks",
        paramLabel = "N",
        split = ",",
        defaultValue = "1,2,3,4,8",
        description =
            "Ranks; ${DEFAULT-VALUE} without. Those for which the master has no slots are left out;"
                + " local[8] has some for all.")
    private List<Integer> ranks;

    @Mixin private SparkOptions spark;

    @Override
    public Integer call() throws IOException {
      checked("--parameters", parameters);
      checked("--batch", batches);
      checked("--shards", shards);
      checked("--examples", examples);
      checked("--ranks", ranks);
      ScalingBench bench = new ScalingBench(options.config(SLOW_LEARNING), options::tell);
      bench.warmUp();
      List<Table> tables = new ArrayList<>();
      if (only.contains(Sweep.parameters)) {
        tables.add(bench.parameters(parameters));
      }
      if (only.contains(Sweep.batch)) {
        tables.add(bench.batches(batches));
      }
      if (only.contains(Sweep.shards)) {
        tables.add(bench.shards(shards));
      }
      if (only.contains(Sweep.examples)) {
        tables.add(bench.examples(examples));
      }
      if (only.contains(Sweep.ranks) || only.contains(Sweep.model)) {
        JavaSparkContext session = spark.open();
        try {
          onSpark(session, bench, tables);
        } finally {
          session.stop();
        }
      }
      return options.print(new Report(bench.kernel(), tables));
    }

    private void onSpark(JavaSparkContext session, ScalingBench bench, List<Table> tables)
        throws IOException {
      int slots = SparkSessions.awaitSlots(session, OptionalInt.empty());
      List<Integer> possible = ranks.stream().filter(count -> count <= slots).toList();
      if (possible.size() < ranks.size()) {
        options.tell("%s has %d slots: more ranks are left out".formatted(session.master(), slots));
      }
      if (only.contains(Sweep.ranks)) {
        tables.add(bench.ranks(session, possible));
        tables.add(bench.exchangedParameters(session, Math.min(2, slots), parameters));
      }
      if (only.contains(Sweep.model)) {
        CostBench costs = new CostBench(options.config(SLOW_LEARNING), options::tell);
        tables.addAll(costs.run(session, possible, FORECAST));
      }
    }
  }

  /** What {@code bench scaling} can measure; the names are what users type. */
  enum Sweep {
    parameters,
    batch,
    shards,
    examples,
    ranks,
    model
  }
}
