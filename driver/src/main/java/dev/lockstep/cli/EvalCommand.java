package dev.lockstep.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.config.ConfigException;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.Split;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.spark.SparkShards;
import dev.lockstep.storage.Location;
import dev.lockstep.table.Table;
import dev.lockstep.table.TableData;
import dev.lockstep.table.TableFiles;
import dev.lockstep.train.ExitCode;
import dev.lockstep.train.ModelEvaluation;
import dev.lockstep.train.RunDirectory;
import dev.lockstep.train.SparkSessions;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Evaluates a trained model. */
@Command(
    name = "eval",
    description =
        "Evaluates the model of a finished run as a Spark job; prints loss, accuracy, precision, recall and F1 of each class and their means, the confusion matrix and the log-loss, or errors of vectors, as JSON.",
    mixinStandardHelpOptions = true)
final class EvalCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "The run directory.")
  private String directory;

  @Option(names = "--data", paramLabel = "URI", description = "The data; the run's own without.")
  private String data;

  @Mixin private TableOptions tableOptions;

  @Option(
      names = "--split",
      paramLabel = "SPLIT",
      description = "train or test (the default).",
      defaultValue = "test")
  private Split split;

  @Option(
      names = "--top-k",
      paramLabel = "K",
      description = "Also: how often the class is among the K with the largest outputs.")
  private Integer topK;

  @Option(names = "--master", paramLabel = "URL", description = "Spark's master.")
  private String master;

  @Override
  public Integer call() throws IOException {
    RunDirectory run = RunDirectory.at(directory);
    if (!run.exists()) {
      throw new ConfigException("%s holds no run to evaluate".formatted(directory));
    }
    if (!run.hasModel()) {
      throw new ConfigException(
          "%s is not finished and has no model; resume it first".formatted(directory));
    }
    Model model = run.model();
    checkTopK(model);
    RunConfig config = run.config(tableOptions.over(data));
    Optional<TableFiles> tables = TableFiles.find(config.data().uri());
    Evaluation result =
        tables.isPresent() ? evaluate(model, config, tables.get()) : evaluate(model, config);
    print(result, config.data().uri(), model);
    return ExitCode.DONE;
  }

  private Evaluation evaluate(Model model, RunConfig config, TableFiles tables) throws IOException {
    Location table = tables.in(split, config.data().uri());
    try (JavaSparkContext spark = SparkSessions.openForTables(Optional.ofNullable(master));
        Table rows = TableData.open(config, tables, table, model, spark)) {
      return ModelEvaluation.of(model, rows.rows());
    }
  }

  private Evaluation evaluate(Model model, RunConfig config) throws IOException {
    try (JavaSparkContext spark = SparkSessions.open(Optional.ofNullable(master));
        SparkShards shards = ModelEvaluation.load(spark, model, config.data(), split)) {
      return ModelEvaluation.of(spark, model, model.parameters(), List.of(shards)).get(0);
    }
  }

  private static int classes(Model model) {
    return model.loss().classes(model.network().outputs());
  }

  private void checkTopK(Model model) {
    if (topK != null && (topK < 1 || topK > classes(model))) {
      throw new ConfigException(
          "--top-k = %d: want a whole number from 1 to %d, the classes of the model"
              .formatted(topK, classes(model)));
    }
  }

  private void print(Evaluation result, String uri, Model model) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = mapper.createObjectNode();
    json.put("data", uri);
    json.put("split", split.name().toLowerCase(Locale.ROOT));
    json.put("model_sha256", model.sha256());
    Metrics.put(json, result, Optional.ofNullable(topK));
    spec.commandLine()
        .getOut()
        .println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json));
    spec.commandLine().getOut().flush();
  }
}
