package dev.lockstep.cli;

import dev.lockstep.config.ConfigException;
import dev.lockstep.report.RunReport;
import dev.lockstep.report.SweepReport;
import dev.lockstep.storage.Location;
import dev.lockstep.train.ExitCode;
import dev.lockstep.train.RunDirectory;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Writes the report of a run or a sweep again. */
@Command(
    name = "report",
    description = {
      "Writes report.html of a run or a sweep into its directory, from what stands there, and",
      "prints where.",
      "It is one file for any browser, and needs no network."
    },
    mixinStandardHelpOptions = true)
final class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "The directory of a run or a sweep.")
  private String directory;

  @Override
  public Integer call() throws IOException {
    Location written =
        SweepReport.isAt(directory) ? SweepReport.write(directory) : RunReport.write(run());
    PrintWriter out = spec.commandLine().getOut();
    out.println(written);
    out.flush();
    return ExitCode.DONE;
  }

  private RunDirectory run() throws IOException {
    RunDirectory run = RunDirectory.at(directory);
    if (!run.exists()) {
      throw new ConfigException(
          "%s holds neither a run nor a sweep; want the directory of one".formatted(directory));
    }
    return run;
  }
}
