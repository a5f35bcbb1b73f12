package dev.lockstep.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.compare.RunRecord;
import dev.lockstep.compare.Segment;
import dev.lockstep.config.ConfigException;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Split;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.report.LineReport;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.source.DataMemory;
import dev.lockstep.source.DataSets;
import dev.lockstep.spark.SparkEvaluation;
import dev.lockstep.spark.SparkShards;
import dev.lockstep.table.TableFiles;
import dev.lockstep.train.ExitCode;
import dev.lockstep.train.RunDirectory;
import dev.lockstep.train.SparkSessions;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Walks from one solution to another. */
@Command(
    name = "interpolate",
    description = {
      "Evaluates the straight line through two solutions of one network, on the training and the test"
          + " set, and prints loss and accuracy at each point as JSON: how sharp each of them is, and"
          + " how high the barrier between them."
    },
    mixinStandardHelpOptions = true)
final class InterpolateCommand implements Callable<Integer> {
  /** Sums are taken over so many fixed parts, so that no partitioning changes a bit. */
  private static final int PARTS = 64;

  private static final int MOST = 10_000;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FIRST", description = "The run of the solution at 0.")
  private String first;

  @Parameters(index = "1", paramLabel = "SECOND", description = "The run of the solution at 1.")
  private String second;

  @Option(names = "--from", description = "Where to begin (${DEFAULT-VALUE}).", defaultValue = "-1")
  private double from;

  @Option(names = "--to", description = "Where to end (${DEFAULT-VALUE}).", defaultValue = "2")
  private double to;

  @Option(
      names = "--points",
      paramLabel = "N",
      description = "How many points (${DEFAULT-VALUE}).",
      defaultValue = "31")
  private int points;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Also: the line as pictures, in one file of HTML.")
  private String report;

  @Option(names = "--data", paramLabel = "URI", description = "The data; FIRST's own without.")
  private String data;

  @Option(names = "--master", paramLabel = "URL", description = "Spark's master.")
  private String master;

  @Override
  public Integer call() throws IOException {
    if (points < 2 || points > MOST || !(from < to) || !Double.isFinite(to - from)) {
      throw new ConfigException(
          "--from %s --to %s --points %d: want a number, a larger one, and 2 to %d points"
              .formatted(from, to, points, MOST));
    }
    Segment segment = segment();
    RunConfig config = RunDirectory.at(first).config(new TableOptions().over(data));
    String uri = config.data().uri();
    if (TableFiles.find(uri).isPresent()) {
      throw new ConfigException(
          "%s is a table; interpolate reads IDX, CIFAR-10 and synthetic data".formatted(uri));
    }
    try (JavaSparkContext spark = SparkSessions.open(Optional.ofNullable(master));
        SparkShards train = load(spark, config, segment.first(), Split.TRAIN);
        SparkShards test = load(spark, config, segment.first(), Split.TEST)) {
      ObjectNode json = walk(spark, segment, List.of(train, test));
      if (report != null) {
        LineReport.write(report, json);
      }
      spec.commandLine()
          .getOut()
          .println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json));
      spec.commandLine().getOut().flush();
    }
    return ExitCode.DONE;
  }

  private Segment segment() throws IOException {
    try {
      return new Segment(model(first), model(second));
    } catch (IllegalArgumentException e) {
      throw new ConfigException("%s and %s: %s".formatted(first, second, e.getMessage()), e);
    }
  }

  private static Model model(String directory) throws IOException {
    RunRecord run = RunRecord.read(directory);
    if (!run.directory().hasModel()) {
      throw new ConfigException(
          "%s is not finished and has no model; resume it first".formatted(directory));
    }
    return run.directory().model();
  }

  private static SparkShards load(
      JavaSparkContext spark, RunConfig config, Model model, Split split) throws IOException {
    ExampleSource source = DataSets.open(config.data().uri(), split);
    if (source.features() != model.inputs() || source.format().element() != model.element()) {
      throw new DataException(
          "%s: examples of %d features, %s; the models take %d, %s"
              .formatted(
                  config.data().uri(),
                  source.features(),
                  name(source.format().element()),
                  model.inputs(),
                  name(model.element())));
    }
    BatchPlan plan = new BatchPlan(source.examples(), 1, PARTS, 0, false);
    int parts = Math.min(PARTS, SparkSessions.awaitSlots(spark, OptionalInt.empty()));
    int classes = model.loss().classes(model.network().outputs());
    return SparkShards.load(spark, source, plan, parts, classes, DataMemory.of(config.data()));
  }

  private static String name(Enum<?> element) {
    return element.name().toLowerCase(Locale.ROOT) + "s";
  }

  private ObjectNode walk(JavaSparkContext spark, Segment segment, List<SparkShards> sets) {
    ObjectNode json = new ObjectMapper().createObjectNode();
    json.put("first", first);
    json.put("first_sha256", segment.first().sha256());
    json.put("second", second);
    json.put("second_sha256", segment.second().sha256());
    json.put("distance", segment.length());
    ArrayNode line = json.putArray("line");
    String kernel = KernelChoice.of("auto").kernels().name();
    for (double place : Segment.places(from, to, points)) {
      List<Evaluation> scores =
          SparkEvaluation.of(
              spark,
              segment.first().network(),
              segment.first().loss(),
              segment.at(place),
              sets,
              kernel);
      ObjectNode point = line.addObject();
      point.put("at", place);
      put(point, "train_", scores.get(0));
      put(point, "test_", scores.get(1));
    }
    return json;
  }

  private static void put(ObjectNode point, String prefix, Evaluation scores) {
    point.put(prefix + "loss", scores.meanLoss());
    if (scores.errors().isEmpty()) {
      point.put(prefix + "accuracy", scores.accuracy());
    }
  }
}
