package dev.lockstep.cli;

import dev.lockstep.bench.ExchangeBench;
import dev.lockstep.bench.KernelBench;
import dev.lockstep.bench.Report;
import dev.lockstep.bench.RunBench;
import dev.lockstep.bench.StepBench;
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
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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
      BenchCommand.Exchange.class
    })
final class BenchCommand implements Runnable {
  /** What is measured where nothing else is said; the network of the published comparisons. */
  private static final String SETTINGS =
      """
      layers = [dense 256 relu, dense 128 relu, dense 64 relu, dense 10]
      optimizer { name = momentum, learning-rate = 0.01 }
      """;

  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "a command is missing: bench kernels, bench step, bench run or bench exchange");
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

  /** Sizes of batches, positive. */
  private static List<Integer> checked(List<Integer> batches) {
    for (int batch : batches) {
      if (batch < 1) {
        throw new ConfigException("--batch %d: want 1 or more".formatted(batch));
      }
    }
    return batches;
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

    @Option(
        names = "--master",
        paramLabel = "URL",
        description =
            "Spark's master: local[*] (the default), or as `train` takes it; what spark-submit was"
                + " given goes first.")
    private String master;

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
        session.set(SparkSessions.open(Optional.ofNullable(master)));
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

    @Option(
        names = "--master",
        paramLabel = "URL",
        description = "Spark's master: local[*] (the default), or as `train` takes it.")
    private String master;

    @Override
    public Integer call() throws IOException {
      JavaSparkContext spark = SparkSessions.open(Optional.ofNullable(master));
      try {
        int slots = SparkSessions.awaitSlots(spark, OptionalInt.of(Collections.max(ranks)));
        for (int count : ranks) {
          if (count < 1 || count > slots) {
            throw new ConfigException(
                "--ranks %d: want 1 to %d, the slots of %s"
                    .formatted(count, slots, spark.master()));
          }
        }
        return options.print(
            new ExchangeBench(spark, options.config("optimizer.learning-rate=1e-6"), options::tell)
                .run(ranks));
      } finally {
        spark.stop();
      }
    }
  }
}
