package dev.lockstep.cli;

import dev.lockstep.config.ConfigException;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Split;
import dev.lockstep.engine.Training;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.plan.Constants;
import dev.lockstep.plan.Demand;
import dev.lockstep.plan.Limit;
import dev.lockstep.plan.Plan;
import dev.lockstep.plan.Resources;
import dev.lockstep.source.DataSets;
import dev.lockstep.source.TrainingData;
import dev.lockstep.train.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.apache.spark.SparkConf;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what a run will take. */
@Command(
    name = "plan",
    description = {
      "Says what a run will take, before a cluster is held for it: bytes of a step, memory, slots,"
          + " limits, and the time of a step.",
      "Bytes are counted; times rest on two constants that are measured here in some seconds."
    },
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {
  private static final int MOST = 1 << 16;
  private static final int LABEL_BYTES = Integer.BYTES;

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions options;

  @Option(
      names = "--slots",
      paramLabel = "N",
      description =
          "Tasks that can run at the same time; what Spark was told (--total-executor-cores, --num-executors), or the processors of this machine, without.")
  private Integer slots;

  @Option(
      names = "--ranks-of-executor",
      paramLabel = "R",
      description = "How many of them are in one executor; --executor-cores, or 1, without.")
  private Integer ranks;

  @Option(
      names = "--gigabits",
      paramLabel = "G",
      defaultValue = "10",
      description = "The network between executors, in Gbit/s (${DEFAULT-VALUE}).")
  private double gigabits;

  @Override
  public Integer call() throws IOException {
    Resources resources = Resources.of(new SparkConf(), given(slots), given(ranks), gigabits);
    check(resources);
    RunConfig config = options.read();
    TrainingData data = TrainingData.open(config);
    ExampleSource test = DataSets.open(config.data().uri(), Split.TEST);
    Training training = config.toTraining(data.train().examples(), data.train().features());
    long examples =
        data.train().examples()
            + data.validation().map(ExampleSource::examples).orElse(0L)
            + test.examples();
    int shards = training.plan().shards();
    if (resources.ranks() > shards) {
      throw new ConfigException(
          "--ranks-of-executor %d: want no more than the %d shards"
              .formatted(resources.ranks(), shards));
    }
    Demand demand =
        new Demand(
            training,
            examples,
            data.train().format().bytes() + LABEL_BYTES,
            config.data().memoryLimit());
    Constants constants = Constants.measure(training, KernelChoice.of(config.kernel()).kernels());
    print(new Plan(demand, constants, resources, config.ranks()), training);
    return ExitCode.DONE;
  }

  private static OptionalInt given(Integer option) {
    return option == null ? OptionalInt.empty() : OptionalInt.of(option);
  }

  private static void check(Resources resources) {
    int slots = resources.slots();
    int ranks = resources.ranks();
    if (slots < 1 || slots > MOST || ranks < 1 || ranks > slots || !(resources.gigabits() > 0)) {
      throw new ConfigException(
          "--slots %d --ranks-of-executor %d --gigabits %s: want 1 to %d slots, at most as many ranks in an executor, and a network"
              .formatted(slots, ranks, resources.gigabits(), MOST));
    }
  }

  private void print(Plan plan, Training training) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%,d parameters, %s with %s; %,d examples; batches of %,d over %d shards, %,d steps an epoch%n%n",
        training.network().layout().parameters(),
        megabytes(plan.demand().state()),
        training.slots().isEmpty() ? "no slots" : training.slots().size() + " slots",
        training.plan().examples(),
        training.plan().batchSize(),
        training.plan().shards(),
        training.plan().stepsOf(0));
    out.println(plan.sizes().text());
    out.println(plan.memory().text());
    List<Limit> limits = plan.limits();
    for (Limit limit : limits) {
      out.printf(
          "%-8s %s: %,d of at most %,d%s%n",
          limit.isHit() ? "TOO MUCH" : "fits",
          limit.what(),
          limit.value(),
          limit.bound(),
          limit.isHit() ? "; " + limit.remedy() : "");
    }
    out.println();
    out.println(plan.breakEven());
    out.println("with a quarter of air: " + plan.settings());
    out.flush();
  }

  private static String megabytes(long bytes) {
    return "%,d MB".formatted(Math.max(1, Math.round(bytes / (double) (1 << 20))));
  }
}
