package dev.lockstep.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.config.ConfigException;
import dev.lockstep.data.DataException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.StandardScaler;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Much of it is what Spark's own tests of MultilayerPerceptronClassifier check. */
final class LockstepClassifierTest {
  private static SparkSession spark;

  @TempDir Path temporary;

  @BeforeAll
  static void open() {
    spark = Sessions.open(3);
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  private static Dataset<Row> table(DataType featuresType, List<Row> rows) {
    return Sessions.table(spark, featuresType, rows);
  }

  private static Dataset<Row> xor() {
    return table(
        SQLDataTypes.VectorType(),
        List.of(
            RowFactory.create(Vectors.dense(0, 0), 0.0),
            RowFactory.create(Vectors.dense(0, 1), 1.0),
            RowFactory.create(Vectors.dense(1, 0), 1.0),
            RowFactory.create(Vectors.dense(1, 1), 0.0)));
  }

  private static LockstepClassifier ofXor() {
    return new LockstepClassifier()
        .setLayers(new int[] {2, 5, 2})
        .setActivation("tanh")
        .setOptimizer("adam")
        .setStepSize(0.05)
        .setBatchSize(4)
        .setMaxIter(200)
        .setSeed(11);
  }

  private static List<Row> points(int count) {
    return Sessions.points(count);
  }

  private static LockstepClassifier ofPoints() {
    return new LockstepClassifier().setLayers(new int[] {4, 8, 3}).setBatchSize(32).setMaxIter(3);
  }

  @Test
  void learnsXor() {
    Dataset<Row> predicted = ofXor().fit(xor()).transform(xor());
    assertThat(predicted.columns())
        .containsExactly("features", "label", "rawPrediction", "probability", "prediction");
    for (Row row : predicted.collectAsList()) {
      assertThat((double) row.getAs("prediction")).isEqualTo((double) row.getAs("label"));
      double[] probability = ((Vector) row.getAs("probability")).toArray();
      assertThat(Arrays.stream(probability).sum()).isCloseTo(1, within(1e-12));
      assertThat(probability[(int) (double) row.getAs("label")]).isGreaterThan(0.9);
    }
  }

  /** However rows are partitioned, and in whatever form they hold the same numbers. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 11})
  void theSameRowsGiveTheSameBits(int partitions) {
    Dataset<Row> table = table(SQLDataTypes.VectorType(), points(200));
    String expected = ofPoints().fit(table.coalesce(1)).model().sha256();
    List<Row> rows = table.collectAsList();
    Dataset<Row> cut =
        spark.createDataFrame(
            org.apache.spark.api.java.JavaSparkContext.fromSparkContext(spark.sparkContext())
                .parallelize(rows, partitions),
            table.schema());
    assertThat(cut.javaRDD().getNumPartitions()).isEqualTo(partitions);
    assertThat(ofPoints().fit(cut).model().sha256()).isEqualTo(expected);
    assertThat(ofPoints().setEngine("tree").fit(cut).model().sha256()).isEqualTo(expected);
  }

  @Test
  void takesVectorsOfBothKindsAndArrays() {
    Dataset<Row> dense = table(SQLDataTypes.VectorType(), points(200));
    List<Row> sparse = new ArrayList<>();
    List<Row> arrays = new ArrayList<>();
    for (Row row : dense.collectAsList()) {
      Vector vector = (Vector) row.get(0);
      sparse.add(RowFactory.create(vector.toSparse(), row.get(1)));
      arrays.add(RowFactory.create(vector.toArray(), row.get(1)));
    }
    LockstepClassificationModel model = ofPoints().fit(dense);
    Dataset<Row> sparses = table(SQLDataTypes.VectorType(), sparse);
    Dataset<Row> array = table(DataTypes.createArrayType(DataTypes.DoubleType), arrays);
    Dataset<Row> floats =
        array.withColumn("features", functions.col("features").cast("array<float>"));
    for (Dataset<Row> table : List.of(sparses, array, floats)) {
      assertThat(ofPoints().fit(table).model().sha256()).isEqualTo(model.model().sha256());
      assertThat(model.transform(table).select("probability").collectAsList())
          .isEqualTo(model.transform(dense).select("probability").collectAsList());
    }
  }

  @Test
  void bytesAreFeaturesToo() {
    SplittableRandom random = new SplittableRandom(3);
    List<Row> bytes = new ArrayList<>();
    List<Row> numbers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      byte[] example = new byte[6];
      random.nextBytes(example);
      double[] scaled = new double[6];
      for (int f = 0; f < 6; f++) {
        scaled[f] = Byte.toUnsignedInt(example[f]) / 255.0;
      }
      double label = example[0] < 0 ? 1 : 0;
      bytes.add(RowFactory.create(example, label));
      numbers.add(RowFactory.create(Vectors.dense(scaled), label));
    }
    LockstepClassifier classifier = new LockstepClassifier().setBatchSize(20).setMaxIter(2);
    LockstepClassificationModel ofBytes = classifier.fit(table(DataTypes.BinaryType, bytes));
    LockstepClassificationModel ofNumbers =
        classifier.fit(table(SQLDataTypes.VectorType(), numbers));
    assertThat(ofBytes.model().sha256()).isEqualTo(ofNumbers.model().sha256());
    assertThat(
            ofBytes
                .transform(table(DataTypes.BinaryType, bytes))
                .select("rawPrediction")
                .collectAsList())
        .isEqualTo(
            ofNumbers
                .transform(table(SQLDataTypes.VectorType(), numbers))
                .select("rawPrediction")
                .collectAsList());
  }

  @Test
  void everyTypeOfNumberIsALabel() {
    Dataset<Row> table = table(SQLDataTypes.VectorType(), points(60));
    String expected = ofPoints().fit(table).model().sha256();
    for (String type : List.of("int", "bigint", "float", "smallint", "tinyint", "decimal(10,2)")) {
      Dataset<Row> cast = table.withColumn("label", functions.col("label").cast(type));
      assertThat(ofPoints().fit(cast).model().sha256()).as(type).isEqualTo(expected);
    }
    Dataset<Row> text = table.withColumn("label", functions.col("label").cast("string"));
    assertThatThrownBy(() -> ofPoints().fit(text))
        .isInstanceOf(ConfigException.class)
        .hasMessage("column label is of type string; want numbers");
  }

  @Test
  void weightsCountAndThoseOfOneChangeNothing() {
    Dataset<Row> table = table(SQLDataTypes.VectorType(), points(100));
    String plain = ofPoints().fit(table).model().sha256();
    Dataset<Row> ones = table.withColumn("w", functions.lit(1.0));
    assertThat(ofPoints().setWeightCol("w").fit(ones).model().sha256()).isEqualTo(plain);
    Dataset<Row> halves = table.withColumn("w", functions.col("label").plus(0.5));
    assertThat(ofPoints().setWeightCol("w").fit(halves).model().sha256()).isNotEqualTo(plain);
    Dataset<Row> negative = table.withColumn("w", functions.lit(-1));
    assertThatThrownBy(() -> ofPoints().setWeightCol("w").fit(negative))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("w is -1.0; want a number of 0 or more, in row 0 of partition ");
  }

  @Test
  void rowsThatCannotBeExamplesAreNamed() {
    assertRefused("label is 1.5; want a class", RowFactory.create(Vectors.dense(1, 2), 1.5));
    assertRefused("label is -1.0; want a class", RowFactory.create(Vectors.dense(1, 2), -1.0));
    assertRefused("label is null", RowFactory.create(Vectors.dense(1, 2), null));
    assertRefused("features is null", RowFactory.create(null, 1.0));
    assertRefused(
        "features has 3 features; want 2", RowFactory.create(Vectors.dense(1, 2, 3), 1.0));
    assertRefused(
        "features: element 1 is NaN", RowFactory.create(Vectors.dense(1, Double.NaN), 1.0));
    assertRefused("features: element 0 is 1.0E39", RowFactory.create(Vectors.dense(1e39, 1), 1.0));
    assertRefused(
        "label has 7, but the network has outputs for labels 0 to 1",
        RowFactory.create(Vectors.dense(1, 2), 7.0));
  }

  private static void assertRefused(String message, Row bad) {
    List<Row> rows = new ArrayList<>(xor().collectAsList());
    rows.add(bad);
    Dataset<Row> table =
        spark.createDataFrame(
            rows,
            new StructType()
                .add("features", SQLDataTypes.VectorType())
                .add("label", DataTypes.DoubleType));
    assertThatThrownBy(() -> ofXor().setMaxIter(1).fit(table))
        .isInstanceOf(DataException.class)
        .hasMessageContaining(message);
  }

  @Test
  void parametersThatCannotBeAreNamed() {
    assertThatThrownBy(() -> ofXor().setLayers(new int[] {3, 2}).fit(xor()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("layers = [3, 2]: the first is the number of features, which is 2");
    assertThatThrownBy(() -> ofXor().setOptimizer("newton"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(
            "parameter optimizer given invalid value newton; want one of sgd, momentum, ");
    assertThatThrownBy(() -> ofXor().setFeaturesCol("fetures").fit(xor()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("featuresCol = fetures: there is no such column");
    assertThatThrownBy(
            () ->
                ofXor()
                    .setNetwork("validation.fraction = 0.25")
                    .setValidationIndicatorCol("held")
                    .fit(xor().withColumn("held", functions.lit(false))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("only one can say which rows are held out");
    assertThatThrownBy(() -> ofXor().setMaxIter(0)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ofXor().fit(xor().limit(0)))
        .isInstanceOf(DataException.class)
        .hasMessage("there are no rows in the table");
  }

  @Test
  void parametersExplainThemselves() {
    assertThat(new LockstepClassifier().explainParams())
        .contains(
            "maxIter: Epochs: how often all rows are walked through. (default: 5)",
            "batchSize: Rows of a step, over all tasks. (default: 128)",
            "layers: Sizes of layers from input to output")
        .doesNotContain("null");
  }

  @Test
  void allThatHasNoParameterIsSaidInTheConfigurationLanguage() {
    LockstepClassifier classifier =
        new LockstepClassifier()
            .setNetwork(
                "layers = [dense 9 sigmoid, dense 2], optimizer.learning-rate = 0.5, seed = 3")
            .setMaxIter(2)
            .setBatchSize(2);
    assertThat(classifier.fit(xor()).model().layers())
        .containsExactly("dense 9 sigmoid", "dense 2");
  }

  @Test
  void firstWeightsAreInTheOrderOfSparksClassifier() {
    double[] weights = new double[2 * 3 + 3 + 3 * 2 + 2];
    for (int w = 0; w < weights.length; w++) {
      weights[w] = w + 1;
    }
    LockstepClassificationModel model =
        new LockstepClassifier()
            .setLayers(new int[] {2, 3, 2})
            .setActivation("relu")
            .setInitialWeights(Vectors.dense(weights))
            .setStepSize(1e-30)
            .setMaxIter(1)
            .fit(xor());
    // By hand: hidden = x1 (1, 2, 3) + x2 (4, 5, 6) + (7, 8, 9); out = h1 (10, 11) + …
    double[] hidden = {1 + 4 + 7, 2 + 5 + 8, 3 + 6 + 9};
    double first = hidden[0] * 10 + hidden[1] * 12 + hidden[2] * 14 + 16;
    double second = hidden[0] * 11 + hidden[1] * 13 + hidden[2] * 15 + 17;
    assertThat(model.predictRaw(Vectors.dense(1, 1)).toArray()).containsExactly(first, second);
    assertThatThrownBy(() -> ofXor().setInitialWeights(Vectors.dense(1, 2)).fit(xor()))
        .isInstanceOf(ConfigException.class)
        .hasMessage("initialWeights has 2 weights; the network has 27");
  }

  @Test
  void modelsAndClassifiersAreSavedAndRead() throws IOException {
    Dataset<Row> table = table(SQLDataTypes.VectorType(), points(100));
    LockstepClassifier classifier = ofPoints().setTol(0.25).setPredictionCol("said");
    String path = temporary.resolve("classifier").toString();
    classifier.save(path);
    LockstepClassifier read = LockstepClassifier.load(path);
    assertThat(read.uid()).isEqualTo(classifier.uid());
    assertThat(values(read)).isEqualTo(values(classifier)).hasSizeGreaterThan(10);
    assertThatThrownBy(() -> classifier.save(path)).hasMessageContaining("already exists");
    classifier.write().overwrite().save(path);

    LockstepClassificationModel model = classifier.fit(table);
    String modelPath = temporary.resolve("model").toString();
    model.save(modelPath);
    LockstepClassificationModel again = LockstepClassificationModel.load(modelPath);
    assertThat(again.uid()).isEqualTo(model.uid());
    assertThat(again.model().sha256()).isEqualTo(model.model().sha256());
    assertThat(again.hasSummary()).isFalse();
    assertThat(again.transform(table).collectAsList())
        .isEqualTo(model.transform(table).collectAsList());
    assertThat(again.transform(table).columns()).contains("said");
  }

  /** Every parameter with its value, be it set or a default. */
  private static Map<String, Object> values(LockstepClassifier classifier) {
    Map<String, Object> values = new TreeMap<>();
    for (Param<?> param : classifier.params()) {
      if (classifier.isDefined(param)) {
        Object value = classifier.getOrDefault(param);
        values.put(
            param.name(),
            value instanceof int[] sizes ? Arrays.stream(sizes).boxed().toList() : value);
      }
    }
    return values;
  }

  @Test
  void isAStageOfPipelines() throws IOException {
    Dataset<Row> table = table(SQLDataTypes.VectorType(), points(300));
    Pipeline pipeline =
        new Pipeline()
            .setStages(
                new PipelineStage[] {
                  new StandardScaler().setInputCol("features").setOutputCol("scaled"),
                  ofPoints().setFeaturesCol("scaled").setMaxIter(20)
                });
    PipelineModel model = pipeline.fit(table);
    double accuracy =
        new MulticlassClassificationEvaluator()
            .setMetricName("accuracy")
            .evaluate(model.transform(table));
    assertThat(accuracy).isGreaterThan(0.95);
    String path = temporary.resolve("pipeline").toString();
    model.save(path);
    assertThat(PipelineModel.load(path).transform(table).collectAsList())
        .isEqualTo(model.transform(table).collectAsList());
  }

  @Test
  void theSummarySaysHowItWent() {
    Dataset<Row> table =
        table(SQLDataTypes.VectorType(), points(300))
            .withColumn("held", functions.rand(1).lt(0.25))
            .cache();
    LockstepClassificationTrainingSummary summary =
        ofPoints().setMaxIter(8).setValidationIndicatorCol("held").fit(table).summary();
    assertThat(summary.totalIterations()).isEqualTo(8);
    assertThat(summary.objectiveHistory()).hasSize(8);
    assertThat(summary.objectiveHistory()[7]).isLessThan(summary.objectiveHistory()[0]);
    assertThat(summary.validationHistory()).hasSize(8);
    assertThat(summary.accuracy()).isBetween(0.5, 1.0);
    long held = table.filter("held").count();
    assertThat(summary.heldOut().orElseThrow().count()).isEqualTo(held);
    assertThat(spark.sparkContext().getPersistentRDDs().size()).isEqualTo(1);
    table.unpersist(true);
  }
}
