package dev.lockstep.train;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.config.ConfigException;
import dev.lockstep.config.EngineName;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Split;
import dev.lockstep.engine.CancelledException;
import dev.lockstep.engine.DivergedException;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.Evaluation;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.network.Network;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.serialization.model.ParameterTensors;
import dev.lockstep.serialization.tensor.SafetensorsReader;
import dev.lockstep.source.DataSets;
import dev.lockstep.spark.ClusterException;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
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
  // The exit codes that a summary notes; the command line ends with them.
  private static final int DIVERGED = 4;
  private static final int CLUSTER = 5;

  private final RunConfig config;
  private final RunDirectory directory;
  private final Supplier<JavaSparkContext> spark;
  private final PrintStream err;
  private final boolean isTerminal;

  // Under this object's lock, since a signal comes in a thread of its own.
  private Thread preparing;
  private Compute compute;
  private boolean isInterrupted;
  private int interruptExit;

  // What has been committed, for those who must stop in the middle.
  private State committed;
  private long lastSaved = -1;
  private long trainingNanos;

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
    this.config = config;
    this.directory = directory;
    this.spark = spark;
    this.err = err;
    this.isTerminal = isTerminal;
  }

  /**
   * Asks the run to stop soon, from another thread: {@link #run} saves the state and throws.
   *
   * @param exit the exit code to note in the summary
   */
  public synchronized void interrupt(int exit) {
    isInterrupted = true;
    interruptExit = exit;
    if (compute != null) {
      compute.engine().cancel();
    } else if (preparing != null) {
      preparing.interrupt();
    }
  }

  private synchronized boolean isInterrupted() {
    return isInterrupted;
  }

  private synchronized void beginPreparing() {
    preparing = Thread.currentThread();
    if (isInterrupted) {
      preparing.interrupt();
    }
  }

  /** From here on the engine is what is to be cancelled, and this thread may write files again. */
  private synchronized void endPreparing(Optional<Compute> opened) {
    preparing = null;
    compute = opened.orElse(null);
    boolean unused = Thread.interrupted();
  }

  /**
   * Trains to the end, beginning or going on; the summary.
   *
   * @throws ConfigException for a usage mistake
   * @throws DataException for bad data
   * @throws DivergedException if training left the finite numbers; the last good state is kept
   * @throws ClusterException if the cluster could not do it
   * @throws InterruptedRunException after {@link #interrupt}
   */
  public ObjectNode run() throws IOException {
    long begun = System.nanoTime();
    ExampleSource train = DataSets.open(config.data().uri(), Split.TRAIN);
    ExampleSource test = DataSets.open(config.data().uri(), Split.TEST);
    if (train.features() != test.features()) {
      throw new DataException(
          "%s: training examples have %d features, but test examples have %d"
              .formatted(config.data().uri(), train.features(), test.features()));
    }
    String fingerprint = DataSets.fingerprint(config.data().uri());
    Training training = config.toTraining(train.examples(), train.features());
    boolean goesOn = directory.checkFree(config, fingerprint);
    KernelChoice kernel = kernel();
    float[] initial = initialParameters(training);
    try (Compute opened = prepare(training, train, test, kernel)) {
      announce(opened.engine(), training, kernel);
      MetricsLog metrics = MetricsLog.open(directory.storage(), config.batchSize());
      Checkpoints checkpoints =
          new Checkpoints(directory.storage(), training, config.checkpoint().keep(), this::warn);
      State start =
          (goesOn ? checkpoints.latest(metrics.steps()) : Optional.<State>empty())
              .orElseGet(() -> State.initial(training, initial));
      metrics.cutTo(start.step());
      if (goesOn) {
        warn("%s goes on from step %d".formatted(directory.location(), start.step()));
      }
      directory.begin(config, fingerprint);
      try {
        State end = train(training, start, metrics, checkpoints);
        return finish(training, end, fingerprint, kernel, begun);
      } catch (DivergedException e) {
        directory.writeSummary(ending("failed", DIVERGED, e.getMessage(), fingerprint));
        throw e;
      } catch (ClusterException e) {
        directory.writeSummary(ending("failed", CLUSTER, e.getMessage(), fingerprint));
        throw e;
      } catch (InterruptedRunException e) {
        directory.writeSummary(ending("interrupted", interruptExit, e.getMessage(), fingerprint));
        throw e;
      }
    }
  }

  /** Opens what does the work; a signal ends the wait for executors and data. */
  private Compute prepare(
      Training training, ExampleSource train, ExampleSource test, KernelChoice kernel)
      throws IOException {
    Compute opened = null;
    beginPreparing();
    try {
      opened = openCompute(training, train, test, kernel);
    } catch (IOException | RuntimeException e) {
      if (!isInterrupted()) {
        throw e;
      }
    } finally {
      endPreparing(Optional.ofNullable(opened));
    }
    if (isInterrupted()) {
      if (opened != null) {
        opened.close();
      }
      throw new InterruptedRunException(
          "stopped before the first step; %s is as it was".formatted(directory.location()));
    }
    return opened;
  }

  private KernelChoice kernel() {
    try {
      return KernelChoice.of(config.kernel());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage(), e);
    }
  }

  private Compute openCompute(
      Training training, ExampleSource train, ExampleSource test, KernelChoice kernel)
      throws IOException {
    if (config.engine() == EngineName.LOCAL) {
      return new LocalCompute(training, train, test, kernel.kernels());
    }
    JavaSparkContext context = spark.get();
    int slots =
        SparkSessions.awaitSlots(
            context, config.engine() == EngineName.TREE ? OptionalInt.empty() : config.ranks());
    EngineName engine = SparkSessions.choose(config, context, slots, this::warn);
    int ranks = SparkSessions.ranks(config, slots);
    if (ranks < slots) {
      warn("%d of %d slots stay idle: ranks = %d".formatted(slots - ranks, slots, ranks));
    }
    return new SparkCompute(context, config, engine, ranks, training, train, test);
  }

  private void announce(Engine engine, Training training, KernelChoice kernel) {
    Network network = training.network();
    err.printf(
        "%,d examples, %,d parameters; %s engine, %d ranks over %d shards; %s%n",
        training.plan().examples(),
        network.layout().parameters(),
        engine.name(),
        engine.ranks(),
        training.plan().shards(),
        kernel.reason());
  }

  private float[] initialParameters(Training training) throws IOException {
    Network network = training.network();
    String file = config.init().file();
    if (file.isEmpty()) {
      return config.init().scheme().parameters(network.layout(), config.seed());
    }
    Storage storage = Storage.at(new Location(file));
    if (!storage.exists("")) {
      throw new ConfigException("init.file = %s: there is no such file".formatted(file));
    }
    try (InputStream in = storage.open("")) {
      return ParameterTensors.toVector(
          network.layout(), SafetensorsReader.read(in, storage.length(""), file), "", file);
    }
  }

  private State train(Training training, State start, MetricsLog metrics, Checkpoints checkpoints)
      throws IOException {
    long perEpoch = training.plan().stepsPerEpoch();
    long steps = config.totalSteps(training.plan());
    RoundPlan plan =
        new RoundPlan(steps, perEpoch, config.checkpoint().everySteps(), config.round().steps());
    committed = start;
    lastSaved = start.step();
    try (Progress progress =
        new Progress(err, isTerminal, start.step(), steps, perEpoch, config.batchSize())) {
      TrainingListener listener = result -> commit(result, plan, metrics, checkpoints, progress);
      return new Trainer(compute.engine(), plan, listener).train(start);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    } catch (CancelledException e) {
      save(metrics, checkpoints);
      throw new InterruptedRunException(
          "stopped at step %d; to go on: %s".formatted(committed.step(), resumeLine()));
    } catch (DivergedException e) {
      save(metrics, checkpoints);
      warn(
          "the last good state, of step %d, is kept in %s"
              .formatted(lastSaved, directory.storage().location().resolve(kept())));
      throw e;
    } catch (ClusterException e) {
      save(metrics, checkpoints);
      warn("stopped at step %d; to go on: %s".formatted(committed.step(), resumeLine()));
      throw e;
    }
  }

  private String resumeLine() {
    return "deploy/lockstep resume " + directory.location();
  }

  private String kept() {
    return Checkpoints.file(lastSaved);
  }

  private void commit(
      RoundResult result,
      RoundPlan plan,
      MetricsLog metrics,
      Checkpoints checkpoints,
      Progress progress) {
    committed = result.state();
    trainingNanos += result.nanos();
    metrics.onRound(result);
    progress.onRound(result);
    if (plan.isCheckpoint(committed.step())) {
      try {
        save(metrics, checkpoints);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void save(MetricsLog metrics, Checkpoints checkpoints) throws IOException {
    metrics.flush();
    checkpoints.write(committed);
    lastSaved = committed.step();
  }

  private ObjectNode finish(
      Training training, State end, String fingerprint, KernelChoice kernel, long begun)
      throws IOException {
    float[] parameters = end.parameters().toFlat();
    Evaluation train = compute.evaluate(parameters, Split.TRAIN);
    Evaluation test = compute.evaluate(parameters, Split.TEST);
    Model model =
        new Model(training.network().inputs(), config.layers(), config.loss(), parameters);
    directory.writeModel(model);
    ObjectNode summary = Json.MAPPER.createObjectNode();
    summary.put("status", "finished");
    summary.put("exit", 0);
    summary.put("model_sha256", model.sha256());
    summary.put("parameters", training.network().layout().parameters());
    summary.put("steps", end.step());
    summary.put("epochs", (double) end.step() / (double) training.plan().stepsPerEpoch());
    summary.put("train_loss", train.meanLoss());
    summary.put("train_accuracy", train.accuracy());
    summary.put("test_loss", test.meanLoss());
    summary.put("test_accuracy", test.accuracy());
    double seconds = trainingNanos / 1e9;
    long examples = training.plan().examples() * end.step() / training.plan().stepsPerEpoch();
    summary.put("samples_per_second", Math.rint((double) examples / Math.max(1e-9, seconds)));
    summary.put("seconds", (System.nanoTime() - begun) / 1e9);
    summary.put("engine", compute.engine().name());
    summary.put("ranks", compute.engine().ranks());
    summary.put("shards", training.plan().shards());
    summary.put("kernel", kernel.kernels().name());
    summary.put("seed", config.seed());
    summary.put("lockstep_version", Version.text());
    summary.put("data_fingerprint", fingerprint);
    directory.writeSummary(summary);
    return summary;
  }

  private ObjectNode ending(String status, int exit, String message, String fingerprint) {
    ObjectNode summary = Json.MAPPER.createObjectNode();
    summary.put("status", status);
    summary.put("exit", exit);
    summary.put("message", message);
    summary.put("steps", committed.step());
    summary.put("kept", kept());
    summary.put("seed", config.seed());
    summary.put("lockstep_version", Version.text());
    summary.put("data_fingerprint", fingerprint);
    return summary;
  }

  private void warn(String message) {
    err.println(message);
  }
}
