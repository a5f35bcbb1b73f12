package dev.lockstep.cli;

import dev.lockstep.config.RunConfig;
import dev.lockstep.train.RunDirectory;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a network. */
@Command(
    name = "train",
    description = {
      "Trains a network and prints its summary.",
      "An unfinished run of the same configuration and data goes on where it stopped."
    },
    mixinStandardHelpOptions = true)
final class TrainCommand implements Callable<Integer> {
  private static final int MAX_RUNS = 1_000_000;

  @Spec private CommandSpec spec;
  @Mixin private ConfigOptions config;
  @Mixin private RunOptions run;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "The run directory; the next free runs/N without.")
  private String out;

  @Override
  public Integer call() throws IOException {
    RunConfig read = config.read();
    RunDirectory directory = out == null ? nextFree() : RunDirectory.at(out);
    return run.train(read, directory, spec.commandLine().getOut());
  }

  private static RunDirectory nextFree() throws IOException {
    for (int n = 1; n < MAX_RUNS; n++) {
      RunDirectory directory = RunDirectory.at("runs/" + n);
      if (!directory.isThere()) {
        System.err.println("run directory: " + directory.location());
        return directory;
      }
    }
    throw new IllegalStateException("no free runs/N below " + MAX_RUNS);
  }
}
