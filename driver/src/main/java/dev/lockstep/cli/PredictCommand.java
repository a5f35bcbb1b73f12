package dev.lockstep.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.config.ConfigException;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.Split;
import dev.lockstep.ml.PredictedTable;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.spark.Failures;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import dev.lockstep.table.TableFiles;
import dev.lockstep.train.ExitCode;
import dev.lockstep.train.RunDirectory;
import dev.lockstep.train.SparkSessions;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a trained model makes of data. */
@Command(
    name = "predict",
    description =
        "Writes what the model of a finished run says of each row of a table, or of each example of files, as one Spark job: a prediction, and the probabilities of classes.",
    mixinStandardHelpOptions = true)
final class PredictCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "The run directory.")
  private String directory;

  @Option(names = "--data", paramLabel = "URI", description = "The data; the run's own without.")
  private String data;

  @Mixin private TableOptions tableOptions;

  @Option(
      names = "--split",
      paramLabel = "SPLIT",
      description = "train or test, of data that has both; test where there is one, without.")
  private Split split;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "The directory to write, which must not be there yet.")
  private String out;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "parquet",
      description = "parquet (the default) or csv.")
  private String format;

  @Option(names = "--master", paramLabel = "URL", description = "Spark's master.")
  private String master;

  @Override
  public Integer call() throws IOException {
    if (!List.of("parquet", "csv").contains(format)) {
      throw new ConfigException("--format %s: want parquet or csv".formatted(format));
    }
    RunDirectory run = RunDirectory.at(directory);
    if (!run.exists() || !run.hasModel()) {
      throw new ConfigException("%s holds no finished run to predict with".formatted(directory));
    }
    if (Storage.at(new Location(out)).exists("")) {
      throw new ConfigException(
          "--out %s is there already; choose a directory that is not".formatted(out));
    }
    RunConfig config = run.config(tableOptions.over(data));
    Model model = run.model();
    Optional<TableFiles> tables = TableFiles.find(config.data().uri());
    try (JavaSparkContext context = SparkSessions.openForTables(Optional.ofNullable(master))) {
      PredictedTable predicted =
          PredictedTable.of(model, config, tables, Optional.ofNullable(split), context);
      long rows = write(predicted);
      print(config.data().uri(), model, rows);
    }
    return ExitCode.DONE;
  }

  private long write(PredictedTable predicted) {
    try {
      return predicted.write(format, new Location(out).toHadoop());
    } catch (Exception e) { // Scala throws SparkException without declaring it.
      throw Failures.of("the predictions could not be written", e);
    }
  }

  private void print(String uri, Model model, long rows) throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = mapper.createObjectNode();
    json.put("data", uri);
    json.put("model_sha256", model.sha256());
    json.put("out", out);
    json.put("format", format);
    json.put("rows", rows);
    spec.commandLine()
        .getOut()
        .println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json));
    spec.commandLine().getOut().flush();
  }
}
