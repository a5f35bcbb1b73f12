package dev.lockstep.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.config.RunConfig;
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
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Option;

/** What {@code train} and {@code resume} share: where to run, and how to end. */
final class RunOptions {
  /** Set by the launcher, which alone knows what stderr is. */
  private static final String TERMINAL = "LOCKSTEP_TERMINAL";

  private static final Duration SAME_SIGNAL = Duration.ofMillis(500);

  @Option(
      names = "--master",
      paramLabel = "URL",
      description =
          "Spark's master: local[*] (the default), spark://HOST:PORT, yarn, k8s://…; what"
              + " spark-submit was given goes first.")
  private String master;

  /** Trains until the end or a signal; the exit code. */
  int train(RunConfig config, RunDirectory directory, PrintWriter out) throws IOException {
    AtomicReference<JavaSparkContext> session = new AtomicReference<>();
    Optional<TableFiles> tables = TableFiles.find(config.data().uri());
    Supplier<JavaSparkContext> spark =
        () -> {
          if (session.get() == null) {
            session.set(open(tables.isPresent()));
          }
          return session.get();
        };
    TrainingRun run =
        new TrainingRun(
            config,
            directory,
            read ->
                tables.isPresent()
                    ? TableData.open(read, tables.get(), spark.get())
                    : FileData.open(read),
            spark,
            SparkSessions.isLocal(Optional.ofNullable(master)),
            System.err,
            "1".equals(System.getenv(TERMINAL)));
    AtomicInteger caught = new AtomicInteger();
    try {
      print(runUntilSignal(run, caught), out);
      return ExitCode.DONE;
    } catch (InterruptedRunException e) {
      System.err.println("lockstep: " + e.getMessage());
      return ExitCode.ofSignal(caught.get());
    } finally {
      if (session.get() != null) {
        session.get().stop();
      }
    }
  }

  private JavaSparkContext open(boolean isForTables) {
    return isForTables
        ? SparkSessions.openForTables(Optional.ofNullable(master))
        : SparkSessions.open(Optional.ofNullable(master));
  }

  /**
   * The first signal stops the run, which takes a moment. A later one ends the JVM at once; but one
   * that comes together with the first is the same, sent by both the shell and a launcher.
   */
  private static ObjectNode runUntilSignal(TrainingRun run, AtomicInteger caught)
      throws IOException {
    AtomicLong since = new AtomicLong();
    IntConsumer handler =
        signal -> {
          if (caught.compareAndSet(0, signal)) {
            since.set(System.nanoTime());
            System.err.println("stopping; a second signal ends the run without a checkpoint");
            run.interrupt(ExitCode.ofSignal(signal));
          } else if (System.nanoTime() - since.get() > SAME_SIGNAL.toNanos()) {
            Runtime.getRuntime().halt(ExitCode.ofSignal(signal));
          }
        };
    Signals signals = Signals.handle(handler);
    try {
      return run.run();
    } finally {
      signals.close();
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
