package dev.lockstep.cli;

import dev.lockstep.config.ConfigException;
import dev.lockstep.train.RunDirectory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Goes on with a run that was stopped. */
@Command(
    name = "resume",
    description = {
      "Goes on with an unfinished run from its last checkpoint, to the same bits.",
      "Master, engine and ranks may be others than before."
    },
    mixinStandardHelpOptions = true)
final class ResumeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private RunOptions run;

  @Parameters(paramLabel = "RUN", description = "The run directory.")
  private String directory;

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
    RunDirectory place = RunDirectory.at(directory);
    if (!place.exists()) {
      throw new ConfigException("%s holds no run to resume".formatted(directory));
    }
    List<String> overrides = new ArrayList<>(settings);
    overrides.addAll(new TableOptions().over(data));
    return run.train(place.config(overrides), place, spec.commandLine().getOut());
  }
}
