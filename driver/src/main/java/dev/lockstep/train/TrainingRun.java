package dev.lockstep.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.checkpoint.Checkpoints;
import dev.lockstep.checkpoint.Checkpoints.Generation;
import dev.lockstep.checkpoint.Journal;
import dev.lockstep.config.ConfigException;
import dev.lockstep.config.EngineName;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.DataException;
import dev.lockstep.engine.CancelledException;
import dev.lockstep.engine.DivergedException;
import dev.lockstep.engine.State;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.spark.ClusterException;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * A run from its configuration to its model. Everything that can be wrong is found before the run
 * directory is touched.
 */
public final class TrainingRun {
  private static final String DEPLOY_MODE = "spark.submit.deployMode";

  private final RunConfig config;
  private final RunDirectory directory;
  private final RunData.Opener opener;
  private final Supplier<JavaSparkContext> spark;
  private final PrintStream err;
  private final boolean isTerminal;
  private final boolean isLocal;
  private Optional<String> expected = Optional.empty();
  private final boolean isRestartable = "cluster".equals(System.getProperty(DEPLOY_MODE));
  private final Interruption interruption = new Interruption();
  private final FirstStep firstStep = new FirstStep();

  /**
   * A run that has not begun.
   *
   * @param spark opens Spark; not asked where {@code engine = local}
   * @param err takes progress and warnings
   */
  public TrainingRun(
      RunConfig config,
      RunDirectory directory,
      Supplier<JavaSparkContext> spark,
      PrintStream err,
      boolean isTerminal) {
    this(config, directory, FileData::open, spark, false, err, isTerminal);
  }

  /**
   * A run that has not begun.
   *
   * @param opener opens the data
   * @param spark opens Spark; not asked where {@code engine = local}, unless by the opener
   * @param isLocal whether the tasks of that Spark will run in this JVM
   * @param err takes progress and warnings
   */
  public TrainingRun(
      RunConfig config,
      RunDirectory directory,
      RunData.Opener opener,
      Supplier<JavaSparkContext> spark,
      boolean isLocal,
      PrintStream err,
      boolean isTerminal) {
    this.config = config;
    this.directory = directory;
    this.opener = opener;
    this.spark = spark;
    this.err = err;
    this.isTerminal = isTerminal;
    this.isLocal = isLocal;
  }

  /** Has it refuse data other than those of this fingerprint. */
  public void expect(String fingerprint) {
    expected = Optional.of(fingerprint);
  }

  /**
   * Asks the run to stop soon, from another thread: {@link #run} saves the state and throws.
   *
   * @param exit the exit code to note in the summary
   */
  public void interrupt(int exit) {
    interruption.request(exit);
  }

  /**
   * Trains to the end, beginning or going on; the summary.
   *
   * @throws ConfigException for a usage mistake
   * @throws DataException for bad data
   * @throws DivergedException if training left the finite numbers; the last good state is kept
   * @throws ClusterException if the cluster could not do it
   * @throws InterruptedRunException after {@link #interrupt}
   * @throws SupersededException if another driver has taken the run over
   */
  public ObjectNode run() throws IOException {
    long begun = System.nanoTime();
    try (RunData<?> data = preparing(() -> opener.open(config))) {
      return run(data, begun);
    }
  }

  /**
   * Checks that a configuration and the data that it names fit together.
   *
   * @throws ConfigException if they do not
   */
  public static void check(RunConfig config, RunData<?> data) {
    ResolvedRun unused = ResolvedRun.of(config, data);
  }

  private ObjectNode run(RunData<?> data, long begun) throws IOException {
    ResolvedRun run = ResolvedRun.of(config, data);
    if (expected.isPresent() && !expected.get().equals(run.fingerprint())) {
      throw new ConfigException(
          "%s holds other data than the run was trained on (%s then, %s now); say where those are with --data"
              .formatted(config.data().uri(), expected.get(), run.fingerprint()));
    }
    RunDirectory.Place place = directory.check(config, run.fingerprint());
    if (place == RunDirectory.Place.FINISHED) {
      return finishedBefore();
    }
    Checkpoints checkpoints =
        new Checkpoints(
            directory.storage(),
            run.training(),
            run.identity(),
            config.checkpoint().keep(),
            this::warn);
    boolean goesOn = place == RunDirectory.Place.UNFINISHED;
    Optional<Generation> saved = goesOn ? checkpoints.latest() : Optional.empty();
    State start = saved.isPresent() ? saved.get().state() : run.initialState();
    try (Compute compute = preparing(() -> open(run, data))) {
      announce(run, compute);
      directory.begin(run);
      Journal journal = saved.map(Generation::journal).orElseGet(checkpoints::beginJournal);
      MetricsLog metrics =
          new MetricsLog(directory.storage(), directory, journal, run.training().noise());
      if (goesOn) {
        warn("%s goes on from step %d".formatted(directory.location(), start.step()));
        metrics.publish();
      }
      RoundPlan rounds = run.rounds();
      try (Ledger ledger =
              new Ledger(
                  rounds,
                  metrics,
                  checkpoints,
                  directory,
                  start,
                  saved.map(Generation::file).orElse(""));
          Watch watch =
              Watch.begin(
                  run,
                  directory.location(),
                  compute,
                  start.step(),
                  Optional.of(directory.storage()),
                  this::warn)) {
        long trainBegun = System.nanoTime();
        State end = train(run, rounds, compute, ledger, watch);
        double trainSeconds = (System.nanoTime() - trainBegun) / 1e9;
        return finish(run, compute, end, rounds.endedBy(end), ledger, watch, trainSeconds, begun);
      }
    }
  }

  /**
   * Nothing is left to do where a cluster restarts a driver that ended right after its run did.
   *
   * @throws ConfigException where a user has started it
   */
  private ObjectNode finishedBefore() throws IOException {
    if (!isRestartable) {
      throw new ConfigException(
          "%s holds a finished run, which is never overwritten; choose another --out"
              .formatted(directory.location()));
    }
    warn("%s is finished".formatted(directory.location()));
    return (ObjectNode) directory.summary().orElseThrow();
  }

  /** What comes before the first step. */
  private interface Preparation<T extends AutoCloseable> {
    T run() throws IOException;
  }

  /** Opens what the work needs; a signal ends the wait for executors and data. */
  private <T extends AutoCloseable> T preparing(Preparation<T> preparation) throws IOException {
    T opened = null;
    interruption.beginPreparing();
    try {
      opened = preparation.run();
    } catch (IOException | RuntimeException e) {
      if (!interruption.isRequested()) {
        throw e;
      }
    } finally {
      interruption.endPreparing();
    }
    if (interruption.isRequested()) {
      close(opened);
      throw new InterruptedRunException(
          "stopped before the first step; %s is as it was".formatted(directory.location()));
    }
    return opened;
  }

  private static void close(AutoCloseable opened) throws IOException {
    try {
      if (opened != null) {
        opened.close();
      }
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private Compute open(ResolvedRun run, RunData<?> data) throws IOException {
    if (config.engine() == EngineName.LOCAL) {
      return LocalCompute.of(run, data);
    }
    try (DataLoading loading = data.loading(run, isLocal);
        Rehearsal rehearsal = Rehearsal.of(run)) {
      if (isLocal) {
        rehearsal.begin();
      }
      return open(run, loading, spark.get());
    }
  }

  private Compute open(ResolvedRun run, DataLoading loading, JavaSparkContext context)
      throws IOException {
    OptionalInt wanted = config.engine() == EngineName.TREE ? OptionalInt.empty() : config.ranks();
    int slots = SparkSessions.awaitSlots(context, wanted, config.round().slotsTimeout());
    EngineName engine = SparkSessions.choose(config, context, slots, this::warn);
    int ranks = SparkSessions.ranks(config, slots);
    if (ranks < slots) {
      warn("%d of %d slots stay idle: ranks = %d".formatted(slots - ranks, slots, ranks));
    }
    return new SparkCompute(context, run, engine, loading, ranks);
  }

  private void announce(ResolvedRun run, Compute compute) {
    run.training().network().warnings(run.training().loss()).forEach(this::warn);
    err.printf(
        "%,d examples, %,d parameters; %s engine, %d ranks over %d shards; %s%n",
        run.train().examples(),
        run.training().network().layout().parameters(),
        compute.engine().name(),
        compute.engine().ranks(),
        run.training().plan().shards(),
        run.kernel().reason());
    run.doubt().ifPresent(this::warn);
  }

  /** Runs the loop; however it ends, the last good state is kept and named. */
  private State train(
      ResolvedRun run, RoundPlan rounds, Compute compute, Ledger ledger, Watch watch)
      throws IOException {
    State start = ledger.committed();
    BatchPlan plan = run.training().plan();
    long steps = config.totalSteps(plan);
    interruption.cancels(compute.engine());
    try (Progress progress = new Progress(err, isTerminal, start.step(), steps, plan)) {
      compute
          .engine()
          .watch(
              step -> {
                firstStep.onStep();
                progress.onStep(step);
                watch.onStep(step);
              });
      TrainingListener listener =
          (result, milestone) -> {
            ledger.onRound(result, milestone);
            progress.onRound(result, milestone);
            watch.onRound(result, milestone);
          };
      Trainer trainer =
          new Trainer(
              compute,
              rounds,
              run.milestones(compute.training()),
              listener,
              new DivergenceReport(compute, run.train(), listener));
      State end = trainer.train(start);
      ledger.settle();
      return end;
    } catch (UncheckedIOException e) {
      String message = String.valueOf(e.getCause().getMessage());
      end(run, ExitCode.DATA, message, ledger, watch);
      warn("stopped at step %d; to go on: %s".formatted(step(ledger), resumeLine()));
      throw e.getCause();
    } catch (CancelledException e) {
      String message = "stopped at step %d; to go on: %s".formatted(step(ledger), resumeLine());
      end(run, interruption.exit(), message, ledger, watch);
      throw new InterruptedRunException(message);
    } catch (DivergedException e) {
      end(run, ExitCode.DIVERGED, e.getMessage(), ledger, watch);
      warn(
          "the last good state, of step %d, is kept in %s"
              .formatted(
                  step(ledger), directory.storage().location().resolve(ledger.checkpoint())));
      throw e;
    } catch (ClusterException e) {
      end(run, ExitCode.CLUSTER, e.getMessage(), ledger, watch);
      warn("stopped at step %d; to go on: %s".formatted(step(ledger), resumeLine()));
      throw e;
    }
  }

  /** Keeps what can be kept; what goes wrong meanwhile does not hide why the run ends. */
  private void end(ResolvedRun run, int exit, String message, Ledger ledger, Watch watch) {
    watch.ended(exit, message);
    try {
      ledger.save();
    } catch (IOException | RuntimeException e) {
      warn("the state of step %d could not be saved: %s".formatted(step(ledger), e.getMessage()));
    }
    try {
      directory.writeSummary(Summary.ended(run, exit, message, ledger));
    } catch (IOException | RuntimeException e) {
      warn("the summary could not be written: " + e.getMessage());
    }
  }

  private static long step(Ledger ledger) {
    return ledger.committed().step();
  }

  private String resumeLine() {
    return "deploy/lockstep resume " + directory.location();
  }

  private ObjectNode finish(
      ResolvedRun run,
      Compute compute,
      State end,
      String endedBy,
      Ledger ledger,
      Watch watch,
      double trainSeconds,
      long begun)
      throws IOException {
    float[] parameters = end.finalModel(compute.training()).toFlat();
    Compute.Scores scores = compute.evaluate(parameters);
    Model model =
        new Model(
            run.training().network().inputs(),
            run.train().format().element(),
            config.layers(),
            run.training().loss(),
            compute.normalization(),
            parameters);
    directory.writeModel(model);
    ObjectNode summary =
        Summary.finished(
            run,
            end,
            endedBy,
            model,
            scores.train(),
            scores.test(),
            compute.engine(),
            ledger.samplesPerSecond(),
            trainSeconds,
            (System.nanoTime() - begun) / 1e9);
    firstStep.seconds().ifPresent(seconds -> summary.put("first_step_seconds", seconds));
    directory.writeEvaluation(
        EvaluationRecord.of(
            run, scores.test(), config.engine() == EngineName.LOCAL ? "" : spark.get().version()));
    directory.writeSummary(summary);
    watch.finished(scores);
    return summary;
  }

  private void warn(String message) {
    err.println(message);
  }
}
