package dev.lockstep.cli;

import dev.lockstep.spark.ClusterException;
import dev.lockstep.train.ExitCode;
import dev.lockstep.train.Version;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The command line of Lockstep. */
@Command(
    name = "lockstep",
    description = {
      "Synchronous data-parallel training of neural networks on Apache Spark, with the same bits"
          + " on any number of machines.",
      "",
      "With no arguments, `lockstep train` trains on built-in digits on this machine."
    },
    mixinStandardHelpOptions = true,
    subcommands = {
      TrainCommand.class,
      ResumeCommand.class,
      SweepCommand.class,
      EvalCommand.class,
      PredictCommand.class,
      ExportCommand.class,
      StatusCommand.class,
      ReportCommand.class,
      CompareCommand.class,
      ReproduceCommand.class,
      InterpolateCommand.class,
      InspectCommand.class,
      PlanCommand.class,
      KindsCommand.class,
      DataCommand.class,
      ClusterCommand.class,
      BenchCommand.class
    },
    footer = {
      "",
      "Exit codes: 0 done, 1 what was compared differs, 2 usage or configuration, 3 data, 4 diverged, 5 cluster,",
      "130 and 143 interrupted (a checkpoint is written, and the line that resumes is printed)."
    })
public final class Lockstep implements Runnable {
  @Spec private CommandSpec spec;

  /** Runs a command and ends the JVM with its exit code. */
  public static void main(String[] args) {
    int exit = commandLine().execute(args);
    // YARN takes a driver of its own that calls exit for one that failed, and starts it again.
    boolean isInCluster = "cluster".equals(System.getProperty("spark.submit.deployMode"));
    if (exit != ExitCode.DONE || !isInCluster) {
      System.exit(exit);
    }
  }

  /** The command line, for use in tests. */
  public static CommandLine commandLine() {
    CommandLine commands =
        new CommandLine(new Lockstep())
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setExecutionStrategy(Lockstep::execute)
            .setExecutionExceptionHandler(Lockstep::handle)
            .setParameterExceptionHandler(Lockstep::handle);
    setVersion(commands);
    return commands;
  }

  /** Every command answers to {@code --version}; picocli passes no provider on to subcommands. */
  private static void setVersion(CommandLine command) {
    command.getCommandSpec().versionProvider(new VersionText());
    command.getSubcommands().values().forEach(Lockstep::setVersion);
  }

  private static int execute(ParseResult parsed) {
    try {
      return new CommandLine.RunLast().execute(parsed);
    } catch (OutOfMemoryError e) {
      long megabytes = Runtime.getRuntime().maxMemory() >> 20;
      String message =
          "the driver's heap of %d MB is too small; give it more with --driver-memory, or use a smaller network or data set"
              .formatted(megabytes);
      throw new CommandLine.ExecutionException(
          parsed.commandSpec().commandLine(), message, new ClusterException(message, e));
    }
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  private static int handle(Exception error, CommandLine command, ParseResult parsed) {
    PrintWriter err = command.getErr();
    int code = ExitCode.of(error);
    if (ExitCode.isExpected(error)) {
      String.valueOf(error.getMessage()).lines().forEach(line -> err.println("lockstep: " + line));
    } else {
      err.println("lockstep: this is a defect of Lockstep; please report what follows");
      error.printStackTrace(err);
    }
    err.flush();
    return code;
  }

  private static int handle(ParameterException error, String[] args) {
    PrintWriter err = error.getCommandLine().getErr();
    err.println("lockstep: " + error.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(error, err);
    err.printf("try: %s --help%n", error.getCommandLine().getCommandSpec().qualifiedName());
    err.flush();
    return ExitCode.USAGE;
  }

  /** Prints the version. */
  static final class VersionText implements IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"lockstep " + Version.text()};
    }
  }
}
