package dev.lockstep.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.spark.ClusterException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.classification.OneVsRest;
import org.apache.spark.ml.classification.OneVsRestModel;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.evaluation.RegressionEvaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.ml.tuning.ParamGridBuilder;
import org.apache.spark.ml.tuning.TrainValidationSplit;
import org.apache.spark.ml.tuning.TrainValidationSplitModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many fits, at the same time, and ended before their end. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class TuningTest {
  private static SparkSession spark;
  private static long portsBefore;

  @TempDir Path temporary;

  @BeforeAll
  static void open() throws IOException {
    spark = Sessions.open(3);
    portsBefore = ports();
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  private static LockstepClassifier classifier() {
    return new LockstepClassifier().setLayers(new int[] {4, 8, 3}).setBatchSize(32).setMaxIter(3);
  }

  private static MulticlassClassificationEvaluator accuracy() {
    return new MulticlassClassificationEvaluator().setMetricName("accuracy");
  }

  @Test
  void crossValidationFitsTwoAtATime() throws Exception {
    Dataset<Row> table = Sessions.points(spark, 120).cache();
    LockstepClassifier classifier = classifier();
    ParamMap[] grid =
        new ParamGridBuilder()
            .addGrid(classifier.stepSize(), new double[] {1e-6, 0.1})
            .addGrid(classifier.batchSize(), new int[] {16, 32})
            .build();
    CrossValidator validator =
        new CrossValidator()
            .setEstimator(classifier)
            .setEvaluator(accuracy())
            .setEstimatorParamMaps(grid)
            .setNumFolds(2)
            .setSeed(5);
    CrossValidatorModel alone = validator.setParallelism(1).fit(table);
    CrossValidatorModel model = validator.setParallelism(2).fit(table);
    assertThat(model.avgMetrics()).isEqualTo(alone.avgMetrics());
    assertThat(sha(model.bestModel())).isEqualTo(sha(alone.bestModel()));
    String path = temporary.resolve("validated").toString();
    model.save(path);
    CrossValidatorModel read = CrossValidatorModel.load(path);
    assertThat(read.transform(table).collectAsList())
        .isEqualTo(model.transform(table).collectAsList());
    table.unpersist(true);
  }

  private static String sha(Object model) {
    return ((LockstepModel) model).model().sha256();
  }

  @Test
  void splitsForValidationOfARegressorInAPipeline() throws Exception {
    Dataset<Row> table = Sessions.curve(spark, 200);
    LockstepRegressor regressor = Sessions.regressor();
    Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {regressor});
    TrainValidationSplitModel model =
        new TrainValidationSplit()
            .setEstimator(pipeline)
            .setEvaluator(new RegressionEvaluator())
            .setEstimatorParamMaps(
                new ParamGridBuilder()
                    .addGrid(regressor.stepSize(), new double[] {1e-9, 0.02})
                    .build())
            .setParallelism(2)
            .fit(table);
    assertThat(model.validationMetrics()[1]).isLessThan(model.validationMetrics()[0]);
    PipelineModel best = (PipelineModel) model.bestModel();
    String path = temporary.resolve("split").toString();
    model.save(path);
    PipelineModel read = (PipelineModel) TrainValidationSplitModel.load(path).bestModel();
    assertThat(sha(read.stages()[0])).isEqualTo(sha(best.stages()[0]));
  }

  @Test
  void oneAgainstTheRest() throws Exception {
    Dataset<Row> table = Sessions.points(spark, 150);
    OneVsRest oneVsRest =
        new OneVsRest()
            .setClassifier(new LockstepClassifier().setLayers(new int[] {4, 2}).setMaxIter(30))
            .setParallelism(2);
    OneVsRestModel model = oneVsRest.fit(table);
    assertThat(accuracy().evaluate(model.transform(table))).isGreaterThan(0.95);
    String path = temporary.resolve("rest").toString();
    model.save(path);
    assertThat(OneVsRestModel.load(path).transform(table).collectAsList())
        .isEqualTo(model.transform(table).collectAsList());
    oneVsRest.save(temporary.resolve("estimator").toString());
  }

  @Test
  void twoFitsAtOnceGiveWhatEachGivesAlone() throws Exception {
    Dataset<Row> table = Sessions.points(spark, 300);
    List<LockstepClassifier> classifiers =
        List.of(classifier().setSeed(1), classifier().setSeed(2), classifier().setSeed(3));
    List<String> alone = classifiers.stream().map(each -> sha(each.fit(table))).toList();
    Set<String> before = threads();
    List<String> together = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<String>> fits =
          classifiers.stream().map(each -> threads.submit(() -> sha(each.fit(table)))).toList();
      for (Future<String> fit : fits) {
        together.add(fit.get(2, TimeUnit.MINUTES));
      }
    } finally {
      threads.shutdownNow();
    }
    assertThat(together).isEqualTo(alone);
    assertNothingIsLeft(before);
  }

  @Test
  void aCancelledGroupOfJobsEndsTheFit() throws Exception {
    Dataset<Row> table = Sessions.points(spark, 300);
    sha(classifier().fit(table));
    Set<String> before = threads();
    ExecutorService thread = Executors.newSingleThreadExecutor();
    try {
      for (String engine : List.of("allreduce", "tree")) {
        Future<Throwable> fit =
            thread.submit(
                () -> {
                  spark.sparkContext().setJobGroup("long fit", "a fit without end", false);
                  return failure(classifier().setEngine(engine).setMaxIter(1_000_000), table);
                });
        TimeUnit.SECONDS.sleep(3);
        // Spark cancels the jobs that run, and there is none for a moment between two steps.
        for (int tries = 0; tries < 100 && !fit.isDone(); tries++) {
          spark.sparkContext().cancelJobGroup("long fit");
          TimeUnit.MILLISECONDS.sleep(100);
        }
        assertThat(fit.get(1, TimeUnit.MINUTES))
            .as(engine)
            .isInstanceOf(ClusterException.class)
            .hasMessageContaining("cancelled");
      }
    } finally {
      thread.shutdownNow();
    }
    assertNothingIsLeft(before);
    assertThat(sha(classifier().fit(table))).isNotEmpty();
  }

  @Test
  void anInterruptedThreadEndsItsFit() throws Exception {
    Dataset<Row> table = Sessions.points(spark, 300);
    sha(classifier().fit(table));
    Set<String> before = threads();
    for (String engine : List.of("allreduce", "tree")) {
      List<Throwable> failures = new ArrayList<>();
      Thread fit =
          new Thread(
              () ->
                  failures.add(
                      failure(classifier().setEngine(engine).setMaxIter(1_000_000), table)));
      fit.start();
      TimeUnit.SECONDS.sleep(3);
      fit.interrupt();
      fit.join(Duration.ofMinutes(1).toMillis());
      assertThat(fit.isAlive()).as(engine).isFalse();
      assertThat(failures.get(0)).as(engine).hasMessageContaining("interrupted");
    }
    assertNothingIsLeft(before);
    assertThat(sha(classifier().fit(table))).isNotEmpty();
  }

  /** What other jobs of an application hold for good is waited for in vain, but not for ever. */
  @Test
  void slotsThatOthersHoldAreSpokenOf() throws Exception {
    Dataset<Row> table = Sessions.points(spark, 100);
    Thread other =
        new Thread(
            () -> {
              spark.sparkContext().setJobGroup("other", "holds a slot", true);
              assertThatThrownBy(() -> Sessions.sleep(spark)).hasMessageContaining("cancelled");
            });
    other.start();
    LockstepClassifier waiting =
        classifier().setNetwork("shards = 4, ranks = 3, round.slots-timeout = 2s");
    assertThatThrownBy(() -> waiting.fit(table))
        .isInstanceOf(ClusterException.class)
        .hasMessageStartingWith("allreduce needs 3 slots at the same time, but other jobs")
        .hasMessageEndingWith("use fewer ranks, or engine = tree");
    assertThat(sha(waiting.setEngine("tree").fit(table))).isNotEmpty();
    spark.sparkContext().cancelJobGroup("other");
    other.join(Duration.ofMinutes(1).toMillis());
    assertThat(other.isAlive()).isFalse();
  }

  /** Run = stop and go on, in bits; and what was kept is gone in the end. */
  @Test
  void aFitGoesOnFromWhereItWasInterrupted() throws Exception {
    Dataset<Row> table = Sessions.points(spark, 300);
    String kept = temporary.resolve("kept").toString();
    LockstepClassifier classifier =
        classifier()
            .setMaxIter(400)
            .setNetwork("validation.fraction = 0.2, optimizer.name = adam")
            .setStepSize(0.001);
    LockstepClassificationModel whole = classifier.fit(table);
    LockstepClassifier keeping =
        classifier.copy(ParamMap.empty()).setCheckpointDir(kept).setEngine("tree");
    List<Throwable> failures = new ArrayList<>();
    Thread fit = new Thread(() -> failures.add(failure(keeping, table)));
    fit.start();
    Path directory = null;
    for (int wait = 0; wait < 600 && (directory == null || !hasManifest(directory)); wait++) {
      TimeUnit.MILLISECONDS.sleep(50);
      directory = only(temporary.resolve("kept"));
    }
    fit.interrupt();
    fit.join(Duration.ofMinutes(1).toMillis());
    assertThat(failures.get(0))
        .isInstanceOf(ClusterException.class)
        .hasMessageStartingWith("training was interrupted after step ");
    assertThat(hasManifest(directory)).isTrue();

    LockstepClassificationModel goneOn = keeping.setEngine("auto").fit(table.repartition(1));
    assertThat(sha(goneOn)).isEqualTo(sha(whole));
    assertThat(goneOn.summary().objectiveHistory()).isEqualTo(whole.summary().objectiveHistory());
    assertThat(goneOn.summary().validationHistory()).isEqualTo(whole.summary().validationHistory());
    assertThat(only(temporary.resolve("kept"))).isNull();
  }

  private static Path only(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return null;
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.findFirst().orElse(null);
    }
  }

  private static boolean hasManifest(Path directory) throws IOException {
    if (!Files.isDirectory(directory.resolve("checkpoints"))) {
      return false;
    }
    try (Stream<Path> all = Files.list(directory.resolve("checkpoints"))) {
      return all.anyMatch(path -> path.toString().endsWith(".json"));
    }
  }

  private static Throwable failure(LockstepClassifier classifier, Dataset<Row> table) {
    try {
      classifier.fit(table);
      return new AssertionError("it came to an end");
    } catch (RuntimeException e) {
      return e;
    }
  }

  /** TCP ports that this process listens at, where Linux says so; those of earlier tests may go. */
  private static long ports() throws IOException {
    Set<String> own = new TreeSet<>();
    Path descriptors = Path.of("/proc/self/fd");
    if (!Files.isDirectory(descriptors)) {
      return 0;
    }
    try (Stream<Path> all = Files.list(descriptors)) {
      all.map(TuningTest::socket).forEach(own::add);
    }
    long listening = 0;
    for (String table : List.of("/proc/self/net/tcp", "/proc/self/net/tcp6")) {
      for (String line : Files.readAllLines(Path.of(table))) {
        String[] fields = line.strip().split("\\s+", -1);
        listening += fields.length > 9 && fields[3].equals("0A") && own.contains(fields[9]) ? 1 : 0;
      }
    }
    return listening;
  }

  /** The number of the socket that a descriptor is; another text for what is none, or gone. */
  private static String socket(Path descriptor) {
    try {
      String target = Files.readSymbolicLink(descriptor).toString();
      return target.replaceAll("socket:\\[(\\d+)]", "$1");
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static Set<String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> name.startsWith("lockstep"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static void assertNothingIsLeft(Set<String> threadsBefore) throws Exception {
    assertThat(spark.sparkContext().getPersistentRDDs().mkString()).doesNotContain("the table");
    for (int wait = 0; wait < 100 && !isQuiet(threadsBefore); wait++) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    assertThat(threadsBefore).containsAll(threads());
    assertThat(spark.sparkContext().statusTracker().getActiveJobIds()).isEmpty();
    assertThat(ports()).isLessThanOrEqualTo(portsBefore);
  }

  private static boolean isQuiet(Set<String> threadsBefore) throws IOException {
    return threadsBefore.containsAll(threads())
        && ports() <= portsBefore
        && spark.sparkContext().statusTracker().getActiveJobIds().length == 0;
  }
}
