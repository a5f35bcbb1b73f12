package dev.lockstep.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.Params;
import org.apache.spark.mllib.evaluation.MulticlassMetrics;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What Spark's MultilayerPerceptronClassifierSuite checks, against this classifier. What is checked
 * of columns, labels of every numeric type and bad rows stands in {@link LockstepClassifierTest}
 * and {@link ColumnsTest}.
 */
final class MultilayerPerceptronSuiteTest {
  private static SparkSession spark;

  @TempDir Path temporary;

  @BeforeAll
  static void open() {
    spark = Sessions.open(2);
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  private static Dataset<Row> xor() {
    return Sessions.table(
        spark,
        SQLDataTypes.VectorType(),
        List.of(
            RowFactory.create(Vectors.dense(0, 0), 0.0),
            RowFactory.create(Vectors.dense(0, 1), 1.0),
            RowFactory.create(Vectors.dense(1, 0), 1.0),
            RowFactory.create(Vectors.dense(1, 1), 0.0)));
  }

  /** What they begin with, in a program that has changed its import and no more. */
  private static LockstepClassifier trainer() {
    return new LockstepClassifier()
        .setLayers(new int[] {2, 5, 2})
        .setBlockSize(1)
        .setSeed(123L)
        .setMaxIter(100)
        .setSolver("l-bfgs");
  }

  private static LockstepClassifier learner() {
    return trainer().setActivation("tanh").setOptimizer("adam").setStepSize(0.05).setBatchSize(4);
  }

  @Test
  void parametersAreParameters() {
    for (Params stage : List.of(new LockstepClassifier("named"), new LockstepRegressor("named"))) {
      assertThat(stage.uid()).isEqualTo("named");
      assertThat(stage.params()).hasSizeGreaterThan(18);
      for (Param<?> param : stage.params()) {
        assertThat(param.parent()).isEqualTo("named");
        assertThat(stage.getParam(param.name())).isSameAs(param);
        assertThat(param.doc()).as(param.name()).isNotBlank();
      }
      Params copy = ((Estimator<?>) stage).copy(ParamMap.empty());
      assertThat(copy.uid()).isEqualTo("named");
      assertThat(copy.explainParams()).isEqualTo(stage.explainParams());
    }
    LockstepClassifier trainer = trainer().setTol(1e-3).setStepSize(0.5);
    assertThat(trainer.getLayers()).containsExactly(2, 5, 2);
    assertThat(trainer.getBlockSize()).isEqualTo(1);
    assertThat(trainer.getSeed()).isEqualTo(123);
    assertThat(trainer.getMaxIter()).isEqualTo(100);
    assertThat(trainer.getSolver()).isEqualTo("l-bfgs");
    assertThat(trainer.getTol()).isEqualTo(1e-3);
    assertThat(trainer.getStepSize()).isEqualTo(0.5);
    assertThat(trainer.getBatchSize()).isEqualTo(128);
    assertThat(trainer.getOptimizer()).isEqualTo("momentum");
    assertThat(trainer.getActivation()).isEqualTo("relu");
    assertThat(trainer.getEngine()).isEqualTo("auto");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "maxIter",
        "batchSize",
        "blockSize",
        "stepSize",
        "tol",
        "layers",
        "optimizer",
        "engine",
        "solver",
        "activation",
        "inputCols"
      })
  void valuesThatCannotBeAreRefusedWhenTheyAreSet(String name) {
    LockstepClassifier trainer = trainer();
    assertThatThrownBy(
            () -> {
              switch (name) {
                case "maxIter" -> trainer.setMaxIter(0);
                case "batchSize" -> trainer.setBatchSize(0);
                case "blockSize" -> trainer.setBlockSize(0);
                case "stepSize" -> trainer.setStepSize(0);
                case "tol" -> trainer.setTol(-1);
                case "layers" -> trainer.setLayers(new int[] {4, 0, 2});
                case "optimizer" -> trainer.setOptimizer("newton");
                case "engine" -> trainer.setEngine("rocket");
                case "solver" -> trainer.setSolver("simplex");
                case "activation" -> trainer.setActivation("softplus-ish");
                default -> trainer.setInputCols(new String[0]);
              }
            })
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("parameter " + name + " given invalid value");
  }

  @Test
  void xorGate() {
    LockstepClassificationModel model = learner().fit(xor());
    assertThat(model.numFeatures()).isEqualTo(2);
    assertThat(model.numClasses()).isEqualTo(2);
    assertThat(model.hasParent()).isTrue();
    for (Row row : model.transform(xor()).select("prediction", "label").collectAsList()) {
      assertThat(row.getDouble(0)).isEqualTo(row.getDouble(1));
    }
  }

  /** For XOR with a network of two layers the weights are those that were given. */
  @Test
  void rawPredictionsAndProbabilities() {
    LockstepClassificationModel model =
        trainer()
            .setLayers(new int[] {2, 2})
            .setInitialWeights(Vectors.dense(1, -1, 2, -2, 0.5, -0.5))
            .setStepSize(1e-30)
            .setMaxIter(1)
            .fit(xor());
    assertThat(model.weights().toArray()).containsExactly(1, -1, 2, -2, 0.5, -0.5);
    for (Row row : model.transform(xor()).collectAsList()) {
      Vector x = row.getAs("features");
      double margin = x.apply(0) + 2 * x.apply(1) + 0.5;
      assertThat(((Vector) row.getAs("rawPrediction")).toArray()).containsExactly(margin, -margin);
      double[] probability = ((Vector) row.getAs("probability")).toArray();
      assertThat(probability[0]).isCloseTo(1 / (1 + Math.exp(-2 * margin)), within(1e-12));
      assertThat(probability[0] + probability[1]).isCloseTo(1, within(1e-15));
    }
  }

  /** Training that starts from weights is the same however those came about. */
  @Test
  void trainingRestartsFromWeights() {
    LockstepClassifier once = learner().setMaxIter(3);
    Vector start = once.fit(xor()).weights();
    Vector one = once.setInitialWeights(start).fit(xor()).weights();
    Vector other = learner().setMaxIter(3).setSeed(9).setInitialWeights(start).fit(xor()).weights();
    assertThat(one.toArray()).isNotEqualTo(start.toArray());
    assertThat(other.size()).isEqualTo(2 * 5 + 5 + 5 * 2 + 2);
    assertThat(once.fit(xor()).weights().toArray()).isEqualTo(one.toArray());
  }

  /** Rows that a multinomial logistic model drew, as Spark's suite has them. */
  private static Dataset<Row> multinomial(int rows) {
    double[] mean = {5.843, 3.057, 3.758, 1.199};
    double[] variance = {0.6856, 0.1899, 3.116, 0.581};
    double[][] coefficients = {
      {-0.57997, 0.912083, -0.371077, -0.819866, 2.688191},
      {-0.16624, -0.84355, -0.048509, -0.301789, 4.170682}
    };
    SplittableRandom random = new SplittableRandom(42);
    List<Row> made = new ArrayList<>();
    for (int r = 0; r < rows; r++) {
      double[] x = new double[4];
      for (int f = 0; f < 4; f++) {
        x[f] = mean[f] + Math.sqrt(variance[f]) * random.nextGaussian();
      }
      double[] odds = {1, 0, 0};
      double sum = 1;
      for (int c = 1; c < 3; c++) {
        double margin = coefficients[c - 1][4];
        for (int f = 0; f < 4; f++) {
          margin += coefficients[c - 1][f] * x[f];
        }
        odds[c] = Math.exp(margin);
        sum += odds[c];
      }
      double drawn = random.nextDouble() * sum;
      int label = drawn < odds[0] ? 0 : drawn < odds[0] + odds[1] ? 1 : 2;
      made.add(RowFactory.create(Vectors.dense(x), (double) label));
    }
    return Sessions.table(spark, SQLDataTypes.VectorType(), made);
  }

  /**
   * Like theirs: the confusion matrices of a thousand rows differ by no more than 100 in a cell.
   */
  @Test
  void threeClassesAsLogisticRegressionTellsThem() {
    Dataset<Row> table = multinomial(1000).cache();
    LogisticRegressionModel logistic =
        new LogisticRegression().setMaxIter(100).setRegParam(0).fit(table);
    LockstepClassificationModel network =
        new LockstepClassifier()
            .setLayers(new int[] {4, 5, 4, 3})
            .setSeed(11)
            .setMaxIter(60)
            .setActivation("sigmoid")
            .setOptimizer("adam")
            .setStepSize(0.03)
            .setBatchSize(32)
            .setNetwork("data.normalize = standardize, init.scheme = xavier-normal")
            .fit(table);
    MulticlassMetrics expected = metrics(logistic.transform(table));
    MulticlassMetrics found = metrics(network.transform(table));
    assertThat(found.accuracy()).isGreaterThan(expected.accuracy() - 0.02);
    double[] cells = found.confusionMatrix().toArray();
    double[] wanted = expected.confusionMatrix().toArray();
    for (int c = 0; c < 9; c++) {
      assertThat(cells[c]).as("cell %d", c).isCloseTo(wanted[c], within(100.0));
    }
    table.unpersist(true);
  }

  private static MulticlassMetrics metrics(Dataset<Row> predicted) {
    return new MulticlassMetrics(predicted.select("prediction", "label"));
  }

  /** Of the version that saved it; what a later one makes of it must stay the same. */
  @Test
  void aModelOfAnEarlierVersionIsRead() {
    String saved = Path.of("src/test/resources/dev/lockstep/ml/saved-0.1").toString();
    LockstepClassificationModel model =
        LockstepClassificationModel.load(Path.of(saved, "model").toAbsolutePath().toString());
    assertThat(model.uid()).isEqualTo("xor");
    assertThat(model.getPredictionCol()).isEqualTo("said");
    assertThat(model.model().sha256())
        .isEqualTo("98cefad2c60ffb0129937515d7ae6fcdf07c55fd27592bc70eace498ad9f61f8");
    for (Row row : model.transform(xor()).collectAsList()) {
      assertThat((double) row.getAs("said")).isEqualTo((double) row.getAs("label"));
    }
    LockstepClassifier classifier =
        LockstepClassifier.load(Path.of(saved, "classifier").toAbsolutePath().toString());
    assertThat(classifier.getLayers()).containsExactly(2, 5, 2);
    assertThat(classifier.getStepSize()).isEqualTo(0.05);
    assertThat(classifier.fit(xor()).model().sha256()).isEqualTo(model.model().sha256());
    LockstepRegressionModel regression =
        LockstepRegressionModel.load(Path.of(saved, "regression").toAbsolutePath().toString());
    assertThat(regression.model().sha256())
        .isEqualTo("abd698e67d8e73447070270b195e5a9cc9f74d9916a5c4475d5e95578df5f0ee");
    assertThat(regression.predict(Vectors.dense(0.5, 0.25))).isCloseTo(0, within(0.1));
  }

  @Test
  void summaries() {
    LockstepClassificationModel model = learner().setMaxIter(10).fit(xor());
    LockstepClassificationTrainingSummary summary = model.summary();
    assertThat(summary.totalIterations()).isEqualTo(10);
    assertThat(summary.objectiveHistory()).hasSize(10);
    assertThat(summary.labels()).containsExactly(0, 1);
    LockstepClassificationSummary same = model.evaluate(xor());
    assertThat(same.accuracy()).isEqualTo(summary.accuracy());
    assertThat(same.weightedPrecision()).isEqualTo(summary.weightedPrecision());
    assertThat(same.fMeasureByLabel()).isEqualTo(summary.fMeasureByLabel());
    // Without a bound, tol says when it ends.
    double[] history =
        learner().setMaxIter(100).setTol(0.05).fit(xor()).summary().objectiveHistory();
    assertThat(history.length).isBetween(2, 99);
  }
}
