package dev.lockstep.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.compare.Difference;
import dev.lockstep.compare.RunRecord;
import dev.lockstep.config.ConfigException;
import dev.lockstep.config.RunConfig;
import dev.lockstep.engine.DivergedException;
import dev.lockstep.train.ExitCode;
import dev.lockstep.train.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Trains a run again. */
@Command(
    name = "reproduce",
    description = {
      "Trains a run again from its own record, and says whether the bits are the same.",
      "Master, engine and ranks may be others than before. Exit 0 if they are the same, 1 if not."
    },
    mixinStandardHelpOptions = true)
final class ReproduceCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RunOptions run;

  @Parameters(paramLabel = "RUN", description = "The run directory.")
  private String directory;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where the new run goes; RUN-reproduced without.")
  private String out;

  @Option(
      names = "--data",
      paramLabel = "URI",
      description = "Where the data lies now; it must be the same data.")
  private String data;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "A setting without effect on the result, such as engine or ranks.")
  private List<String> settings = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    RunRecord before = RunRecord.read(directory);
    int exit = before.summary().path("exit").asInt(-1);
    if (exit != ExitCode.DONE && exit != ExitCode.DIVERGED) {
      throw new ConfigException(
          "%s has not come to its end (%s); resume it first"
              .formatted(directory, before.directory().status(before.summary())));
    }
    RunDirectory again = RunDirectory.at(out == null ? defaultOut() : out);
    int ended = train(before, again);
    if (ended != exit && ended != ExitCode.DONE && ended != ExitCode.DIVERGED) {
      return ended;
    }
    return verdict(before, RunRecord.read(again.location()));
  }

  private String defaultOut() {
    return directory.replaceAll("/+$", "") + "-reproduced";
  }

  private int train(RunRecord before, RunDirectory again) throws IOException {
    JsonNode fingerprint = before.summary().path("data_fingerprint");
    try {
      return run.train(config(before), again, Optional.of(fingerprint.asText()), summary -> {});
    } catch (DivergedException e) {
      return ExitCode.DIVERGED;
    }
  }

  private RunConfig config(RunRecord before) throws IOException {
    List<String> overrides = new ArrayList<>(settings);
    overrides.addAll(new TableOptions().over(data));
    if (before.summary().path("ended_by").asText().equals("budget")) {
      // A clock may have ended it; the step at which it did is what can be reproduced.
      overrides.add("budget.seconds=auto");
      overrides.add("budget.steps=" + before.summary().path("steps").asLong());
    }
    RunConfig config = before.directory().config(overrides);
    if (!config.resultEntries().equals(before.config().resultEntries())) {
      throw new ConfigException(
          "--set %s: this changes the result; want a setting without effect on it, such as engine"
                  .formatted(String.join(" --set ", settings))
              + " or ranks");
    }
    return config;
  }

  private int verdict(RunRecord before, RunRecord again) throws IOException {
    Difference difference = Difference.of(before, again);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s: %s%n", directory, difference.describe());
    JsonNode model = again.summary().path("model_sha256");
    if (!model.isMissingNode()) {
      out.printf("model_sha256 %s%n", model.asText());
    }
    out.flush();
    return difference.isNone() ? ExitCode.DONE : ExitCode.DIFFERENT;
  }
}
