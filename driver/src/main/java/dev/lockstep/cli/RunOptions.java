package dev.lockstep.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.config.RunConfig;
import dev.lockstep.engine.DivergedException;
import dev.lockstep.report.RunReport;
import dev.lockstep.spark.ClusterException;
import dev.lockstep.table.TableData;
import dev.lockstep.table.TableFiles;
import dev.lockstep.train.ExitCode;
import dev.lockstep.train.FileData;
import dev.lockstep.train.InterruptedRunException;
import dev.lockstep.train.RunDirectory;
import dev.lockstep.train.SparkSessions;
import dev.lockstep.train.TrainingRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** What {@code train} and {@code resume} share: where to run, and how to end. */
final class RunOptions {
  /** Set by the launcher, which alone knows what stderr is. */
  private static final String TERMINAL = "LOCKSTEP_TERMINAL";

  @Option(
      names = "--master",
      paramLabel = "URL",
      description =
          "Spark's master: local[*] (the default), spark://HOST:PORT, yarn, k8s://…; what"
              + " spark-submit was given goes first.")
  private String master;

  /** Trains until the end or a signal, and prints the summary; the exit code. */
  int train(RunConfig config, RunDirectory directory, PrintWriter out) throws IOException {
    return train(config, directory, Optional.empty(), summary -> print(summary, out));
  }

  /**
   * Trains until the end or a signal; the exit code.
   *
   * @param fingerprint of the data that it must be; empty for any
   * @param finished takes the summary of a run that came to its end
   */
  int train(
      RunConfig config,
      RunDirectory directory,
      Optional<String> fingerprint,
      Consumer<ObjectNode> finished)
      throws IOException {
    Optional<TableFiles> tables = TableFiles.find(config.data().uri());
    AtomicInteger caught = new AtomicInteger();
    try (SparkSession session = new SparkSession(Optional.ofNullable(master))) {
      TrainingRun run =
          new TrainingRun(
              config,
              directory,
              read ->
                  tables.isPresent()
                      ? TableData.open(read, tables.get(), session.forTables())
                      : FileData.open(read),
              session,
              SparkSessions.isLocal(Optional.ofNullable(master)),
              System.err,
              "1".equals(System.getenv(TERMINAL)));
      fingerprint.ifPresent(run::expect);
      ObjectNode summary = Signals.during(caught, run::interrupt, run::run);
      report(config, directory);
      finished.accept(summary);
      return ExitCode.DONE;
    } catch (DivergedException | ClusterException e) {
      report(config, directory);
      throw e;
    } catch (InterruptedRunException e) {
      report(config, directory);
      System.err.println("lockstep: " + e.getMessage());
      return ExitCode.ofSignal(caught.get());
    }
  }

  /** Of a run that has ended, however it did; what goes wrong here changes nothing of that. */
  private static void report(RunConfig config, RunDirectory directory) {
    try {
      if (config.report() && directory.exists()) {
        RunReport.write(directory);
      }
    } catch (IOException | RuntimeException e) {
      System.err.println("the report could not be written: " + e.getMessage());
    }
  }

  private static void print(ObjectNode summary, PrintWriter out) {
    try {
      out.println(new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(summary));
      out.flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
