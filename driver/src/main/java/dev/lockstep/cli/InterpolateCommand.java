package dev.lockstep.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.compare.Line;
import dev.lockstep.compare.Places;
import dev.lockstep.config.ConfigException;
import dev.lockstep.config.DataConfig;
import dev.lockstep.report.LineReport;
import dev.lockstep.train.ExitCode;
import dev.lockstep.train.RunDirectory;
import dev.lockstep.train.SparkSessions;
import java.io.IOException;
import java.util.Optional;
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
    Places places = places();
    Line line = Line.between(RunDirectory.at(first), RunDirectory.at(second));
    DataConfig examples = RunDirectory.at(first).config(new TableOptions().over(data)).data();
    Line.check(examples.uri());
    try (JavaSparkContext spark = SparkSessions.open(Optional.ofNullable(master))) {
      ObjectNode json = line.walk(spark, examples, places);
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

  private Places places() {
    try {
      return new Places(from, to, points);
    } catch (IllegalArgumentException e) {
      throw new ConfigException("--from, --to, --points: " + e.getMessage(), e);
    }
  }
}
