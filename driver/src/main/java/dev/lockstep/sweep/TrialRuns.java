package dev.lockstep.sweep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.config.ConfigException;
import dev.lockstep.config.DataConfig;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.DivergedException;
import dev.lockstep.train.ExitCode;
import dev.lockstep.train.InterruptedRunException;
import dev.lockstep.train.RunData;
import dev.lockstep.train.RunDirectory;
import dev.lockstep.train.TrainingRun;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Trains trials, some at the same time, until all are done, one fails, or somebody interrupts. A
 * trial that diverges has not failed: that is its outcome.
 */
public final class TrialRuns {
  /** What the summary of a trial says that another one's failure stopped: as after Ctrl-C. */
  private static final int STOPPED = ExitCode.ofSignal(2);

  private final SweepDirectory directory;
  private final RunData.Opener opener;
  private final Supplier<JavaSparkContext> spark;
  private final boolean isLocal;
  private final int parallel;

  private final Map<DataKey, Facts> facts = new HashMap<>();
  private final Set<TrainingRun> active = new LinkedHashSet<>();
  private int interruptedBy;

  /** What the size and the identity of a training set depend on. */
  private record DataKey(DataConfig data, double heldOut) {
    static DataKey of(Trial trial) {
      RunConfig config = trial.config();
      return new DataKey(config.data(), config.validation().fraction());
    }
  }

  /** What must be known of the data before a trial begins. */
  private record Facts(long examples, String fingerprint) {}

  /** What is done with a trial. */
  interface Work {
    void on(Trial trial) throws IOException;
  }

  /**
   * Nothing runs yet.
   *
   * @param directory where the run directories of trials are
   * @param opener opens the data of a trial
   * @param spark opens Spark; not asked where all trials have {@code engine = local}
   * @param isLocal whether the tasks of that Spark will run in this JVM
   * @param parallel how many trials run at the same time, at least 1
   */
  public TrialRuns(
      SweepDirectory directory,
      RunData.Opener opener,
      Supplier<JavaSparkContext> spark,
      boolean isLocal,
      int parallel) {
    this.directory = directory;
    this.opener = opener;
    this.spark = spark;
    this.isLocal = isLocal;
    this.parallel = parallel;
  }

  /**
   * Asks all to stop soon, from another thread: trials that are under way save their state.
   *
   * @param exit the exit code to note in their summaries, above 0
   */
  public synchronized void interrupt(int exit) {
    interruptedBy = exit;
    active.forEach(run -> run.interrupt(exit));
  }

  /** Spark, opened by the first who asks. */
  Supplier<JavaSparkContext> spark() {
    return spark;
  }

  private synchronized boolean isInterrupted() {
    return interruptedBy != 0;
  }

  /**
   * Checks a trial against its data, so that none fails after hours for what was known before.
   *
   * @throws ConfigException if they do not fit together
   */
  void check(Trial trial) throws IOException {
    try (RunData<?> data = opener.open(trial.config())) {
      facts.put(DataKey.of(trial), new Facts(data.train().examples(), data.fingerprint()));
      TrainingRun.check(trial.config(), data);
    } catch (ConfigException e) {
      throw new ConfigException("%s: %s".formatted(trial.settings().text(), e.getMessage()), e);
    }
  }

  /** Identity of the data of a trial that was checked, or has the data of one that was. */
  String fingerprint(Trial trial) {
    return facts.get(DataKey.of(trial)).fingerprint();
  }

  /** The batches of such a trial. */
  BatchPlan batches(Trial trial) {
    return trial.config().plan(facts.get(DataKey.of(trial)).examples());
  }

  /**
   * Does some work with each of some trials; the first failure stops the rest, and is thrown when
   * they have come to rest.
   *
   * @throws InterruptedRunException after {@link #interrupt}
   */
  void sideBySide(List<Trial> trials, Work work) throws IOException {
    ExecutorService pool = Executors.newFixedThreadPool(parallel);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (Trial trial : trials) {
        running.add(
            pool.submit(
                () -> {
                  guarded(trial, work);
                  return null;
                }));
      }
      await(running);
    } finally {
      pool.shutdown();
    }
  }

  private void guarded(Trial trial, Work work) throws IOException {
    try {
      work.on(trial);
    } catch (InterruptedRunException e) {
      throw e;
    } catch (IOException | RuntimeException | Error e) {
      interrupt(STOPPED);
      throw e;
    }
  }

  private void await(List<Future<?>> running) throws IOException {
    Throwable first = null;
    for (Future<?> each : running) {
      try {
        each.get();
      } catch (ExecutionException e) {
        boolean isFirst = first == null || first instanceof InterruptedRunException;
        first = isFirst ? e.getCause() : first;
      } catch (InterruptedException e) {
        interrupt(STOPPED);
        Thread.currentThread().interrupt();
        throw new InterruptedRunException("the sweep was interrupted");
      }
    }
    if (first instanceof IOException io) {
      throw io;
    }
    if (first instanceof Error error) {
      throw error;
    }
    if (first instanceof RuntimeException unchecked
        && !(first instanceof InterruptedRunException)) {
      throw unchecked;
    }
    if (isInterrupted()) {
      throw new InterruptedRunException("the sweep was stopped");
    }
  }

  /** The outcome of a trial; empty if all were asked to stop before it began. */
  Optional<Outcome> train(Trial trial) throws IOException {
    RunDirectory place = RunDirectory.at(directory.location(trial));
    long begun = System.nanoTime();
    PrintStream silent =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    TrainingRun run = new TrainingRun(trial.config(), place, opener, spark, isLocal, silent, false);
    synchronized (this) {
      if (interruptedBy != 0) {
        return Optional.empty();
      }
      active.add(run);
    }
    try {
      Optional<ObjectNode> before = place.finished(trial.config());
      ObjectNode summary = before.isPresent() ? before.get() : run.run();
      return Optional.of(
          Outcome.finished(trial, summary, place.validations(), Pace.of(place), batches(trial)));
    } catch (DivergedException e) {
      double seconds = (System.nanoTime() - begun) / 1e9;
      return Optional.of(Outcome.diverged(trial, e, batches(trial), seconds));
    } finally {
      synchronized (this) {
        active.remove(run);
      }
    }
  }
}
