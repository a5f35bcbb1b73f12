package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.config.ConfigException;
import dev.lockstep.train.ExitCode;
import dev.lockstep.train.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Tells how far a run is. */
@Command(
    name = "status",
    description = "Tells how far a run is, from its directory alone.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "RUN", description = "The run directory.")
  private String directory;

  @Override
  public Integer call() throws IOException {
    RunDirectory run = RunDirectory.at(directory);
    if (!run.exists()) {
      throw new ConfigException("%s holds no run".formatted(directory));
    }
    PrintWriter out = spec.commandLine().getOut();
    run.summary().ifPresent(summary -> print(run, summary, out));
    run.lastMetrics()
        .ifPresent(
            last ->
                out.printf(
                    "last step           %d (epoch %d, loss %.6f)%n",
                    last.path("step").asLong(),
                    last.path("epoch").asLong(),
                    last.path("loss").asDouble()));
    out.flush();
    return ExitCode.DONE;
  }

  private static void print(RunDirectory run, JsonNode summary, PrintWriter out) {
    line(out, "status", run.status(summary));
    for (Map.Entry<String, JsonNode> field : summary.properties()) {
      if (field.getValue().isValueNode() && !field.getKey().equals("status")) {
        line(out, field.getKey(), field.getValue().asText());
      }
    }
  }

  private static void line(PrintWriter out, String key, String value) {
    out.printf("%-19s %s%n", key, value);
  }
}
