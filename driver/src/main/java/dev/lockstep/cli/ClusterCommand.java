package dev.lockstep.cli;

import dev.lockstep.cluster.ClusterShape;
import dev.lockstep.cluster.SparkHome;
import dev.lockstep.cluster.StandaloneCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts and stops a standalone Spark cluster on this machine. */
@Command(
    name = "cluster",
    description = "Starts and stops a standalone Spark cluster on this machine.",
    mixinStandardHelpOptions = true,
    subcommands = {ClusterCommand.Start.class, ClusterCommand.Stop.class})
final class ClusterCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "a command is missing: cluster start or cluster stop");
  }

  /** Where a cluster keeps its state. */
  static final class DirectoryOption {
    /** Set by the launcher: the project's directory. */
    private static final String HOME = "LOCKSTEP_HOME";

    @Option(
        names = "--dir",
        paramLabel = "DIR",
        description = "Where its state and logs lie while it runs; target/cluster without.")
    private Path directory;

    Path path() {
      if (directory != null) {
        return directory;
      }
      String home = System.getenv(HOME);
      return home == null
          ? Path.of(System.getProperty("java.io.tmpdir"), "lockstep-cluster")
          : Path.of(home, "target", "cluster");
    }
  }

  /** Starts a master and workers. */
  @Command(
      name = "start",
      description = {
        "Starts a master and workers, waits until they know each other, and prints the master's"
            + " URL.",
        "They listen on the loopback interface only."
      },
      mixinStandardHelpOptions = true)
  static final class Start implements Callable<Integer> {
    @Spec private CommandSpec spec;
    @Mixin private DirectoryOption directory;

    @Option(
        names = "--workers",
        paramLabel = "N",
        defaultValue = "2",
        description = "How many workers; ${DEFAULT-VALUE} without.")
    private int workers;

    @Option(
        names = "--cores",
        paramLabel = "N",
        defaultValue = "1",
        description = "Cores of each worker; ${DEFAULT-VALUE} without.")
    private int cores;

    @Option(
        names = "--memory",
        paramLabel = "SIZE",
        defaultValue = "2g",
        description = "Memory of each worker for executors; ${DEFAULT-VALUE} without.")
    private String memory;

    @Option(
        names = "--port",
        paramLabel = "PORT",
        defaultValue = "0",
        description = "The master's port; any free one without.")
    private int port;

    @Override
    public Integer call() throws IOException {
      ClusterShape shape = new ClusterShape(workers, cores, memory, port);
      String url = StandaloneCluster.start(SparkHome.ofEnvironment(), shape, directory.path());
      spec.commandLine().getOut().println(url);
      spec.commandLine().getOut().flush();
      return ExitCode.DONE;
    }
  }

  /** Ends what start has started. */
  @Command(
      name = "stop",
      description = "Ends the cluster and its executors, and removes its directory.",
      mixinStandardHelpOptions = true)
  static final class Stop implements Callable<Integer> {
    @Mixin private DirectoryOption directory;

    @Override
    public Integer call() throws IOException {
      System.err.printf("the cluster at %s has ended%n", StandaloneCluster.stop(directory.path()));
      return ExitCode.DONE;
    }
  }
}
