package dev.lockstep.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.config.ConfigException;
import dev.lockstep.data.DataException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The columns that stages read and add, and the order in which rows are taken. */
final class ColumnsTest {
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

  private static LockstepClassifier classifier() {
    return new LockstepClassifier().setLayers(new int[] {4, 8, 3}).setBatchSize(32).setMaxIter(3);
  }

  /** The four features of points as columns x0 to x3, of a type each. */
  private static Dataset<Row> apart(Dataset<Row> points) {
    Column array = functions.vector_to_array(col("features"), "float64");
    List<String> types = List.of("double", "float", "decimal(12,6)", "double");
    Dataset<Row> table = points;
    for (int f = 0; f < 4; f++) {
      table = table.withColumn("x" + f, array.getItem(f).cast(types.get(f)));
    }
    return table;
  }

  private static Column col(String name) {
    return org.apache.spark.sql.functions.col(name);
  }

  private static String sha(LockstepModel model) {
    return model.model().sha256();
  }

  @Test
  void featuresInColumnsOfTheirOwn() throws Exception {
    Dataset<Row> table = apart(Sessions.points(spark, 100));
    String[] names = {"x0", "x1", "x2", "x3"};
    Dataset<Row> assembled =
        table.withColumn(
            "features",
            org.apache.spark.sql.functions.array(
                col("x0"), col("x1"), col("x2").cast("double"), col("x3")));
    LockstepClassificationModel model =
        classifier().setInputCols(names).fit(table.drop("features"));
    assertThat(sha(model)).isEqualTo(sha(classifier().fit(assembled)));
    Dataset<Row> predicted = model.transform(table.drop("features"));
    assertThat(predicted.columns())
        .containsExactly(
            "label", "x0", "x1", "x2", "x3", "rawPrediction", "probability", "prediction");
    String path = temporary.resolve("columns").toString();
    model.save(path);
    assertThat(LockstepClassificationModel.load(path).transform(table).collectAsList())
        .isEqualTo(model.transform(table).collectAsList());
    Dataset<Row> holes =
        table.withColumn(
            "x1", org.apache.spark.sql.functions.when(col("label").equalTo(2), col("x1")));
    assertThatThrownBy(() -> classifier().setInputCols(names).fit(holes))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("x1 is null, in row ");
    assertThatThrownBy(() -> model.transform(holes).collect())
        .hasStackTraceContaining("DataException: x1 is null");
    assertThatThrownBy(() -> classifier().setInputCols(new String[] {"x0", "y"}).fit(table))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("inputCols = y: there is no such column; the table has ");
    assertThatThrownBy(() -> classifier().setInputCols(new String[] {"features"}).fit(table))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("inputCols has features, which is of type");
  }

  @Test
  void anIdGivesRowsTheirOrder() {
    List<Row> rows = new ArrayList<>();
    for (Row row : Sessions.points(100)) {
      rows.add(RowFactory.create("id-%03d".formatted(rows.size()), row.get(0), row.get(1)));
    }
    StructType schema =
        new StructType()
            .add("id", DataTypes.StringType)
            .add("features", SQLDataTypes.VectorType())
            .add("label", DataTypes.DoubleType);
    Dataset<Row> table = spark.createDataFrame(rows, schema);
    String expected = sha(classifier().fit(table));
    List<Row> turned = new ArrayList<>(rows);
    Collections.shuffle(turned, new Random(3));
    Dataset<Row> other = spark.createDataFrame(turned, schema).repartition(5);
    assertThat(sha(classifier().fit(other))).isNotEqualTo(expected);
    assertThat(sha(classifier().setIdCol("id").fit(other))).isEqualTo(expected);
    Dataset<Row> twice = other.union(table.limit(1));
    assertThatThrownBy(() -> classifier().setIdCol("id").fit(twice))
        .isInstanceOf(DataException.class)
        .hasMessage("id has a value twice; want one a row, in the row with id id-000");
    assertThatThrownBy(() -> classifier().setIdCol("features").fit(table))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("whose values have an order");
  }

  @Test
  void partitionsMayBeEmptyTinyOrLarge() {
    Dataset<Row> table = Sessions.points(spark, 120);
    String expected = sha(classifier().fit(table.coalesce(1)));
    List<Row> rows = table.collectAsList();
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    JavaRDD<Row> pieces = context.parallelize(List.of(), 3);
    for (List<Row> piece :
        List.of(rows.subList(0, 1), rows.subList(1, 119), rows.subList(119, 120))) {
      pieces = pieces.union(context.parallelize(piece, 1)).union(context.parallelize(List.of(), 2));
    }
    Dataset<Row> cut = spark.createDataFrame(pieces, table.schema());
    assertThat(cut.javaRDD().getNumPartitions()).isEqualTo(12);
    assertThat(sha(classifier().fit(cut))).isEqualTo(expected);
    Dataset<Row> more = table.repartition(200, col("label"));
    assertThat(classifier().fit(more).summary().count()).isEqualTo(120);
  }

  /** Columns that a StringIndexer made know of classes that a table may not show. */
  @Test
  void classesAreThoseThatMetadataKnows() {
    Dataset<Row> table =
        Sessions.points(spark, 90)
            .withColumn(
                "name",
                org.apache.spark.sql.functions.concat(
                    org.apache.spark.sql.functions.lit("class "), col("label").cast("string")));
    Dataset<Row> indexed =
        new StringIndexer()
            .setInputCol("name")
            .setOutputCol("index")
            .fit(table)
            .transform(table)
            .filter("index < 2");
    LockstepClassifier classifier = new LockstepClassifier().setLabelCol("index").setMaxIter(1);
    LockstepClassificationModel model = classifier.fit(indexed);
    assertThat(model.numClasses()).isEqualTo(3);
    StructType schema = model.transform(indexed).schema();
    NominalAttribute said =
        (NominalAttribute)
            org.apache.spark.ml.attribute.Attribute.fromStructField(schema.apply("prediction"));
    assertThat(said.getNumValues().get()).isEqualTo(3);
    assertThat(
            new LockstepClassifier()
                .setMaxIter(1)
                .fit(indexed.withColumn("label", col("index")).drop("index"))
                .numClasses())
        .isEqualTo(3);
  }

  @Test
  void evaluatesTablesWithLabels() {
    Dataset<Row> table = Sessions.points(spark, 200);
    LockstepClassificationModel model = classifier().setMaxIter(10).fit(table);
    LockstepClassificationTrainingSummary trained = model.summary();
    LockstepClassificationSummary evaluated = model.evaluate(table);
    assertThat(evaluated.count()).isEqualTo(200);
    assertThat(evaluated.loss()).isCloseTo(trained.loss(), within(1e-6));
    assertThat(evaluated.classes()).isEqualTo(trained.classes());
    List<Row> predictions = model.transform(table).collectAsList();
    long right =
        predictions.stream().filter(r -> r.getAs("label").equals(r.getAs("prediction"))).count();
    assertThat(evaluated.accuracy()).isEqualTo(right / 200.0);
    var metrics =
        new org.apache.spark.mllib.evaluation.MulticlassMetrics(
            model.transform(table).select("prediction", "label"));
    assertThat(evaluated.labels()).isEqualTo(metrics.labels());
    for (int c = 0; c < 3; c++) {
      assertThat(evaluated.precisionByLabel()[c]).isEqualTo(metrics.precision(c));
      assertThat(evaluated.recallByLabel()[c]).isEqualTo(metrics.recall(c));
      assertThat(evaluated.truePositiveRateByLabel()[c]).isEqualTo(metrics.truePositiveRate(c));
      assertThat(evaluated.falsePositiveRateByLabel()[c]).isEqualTo(metrics.falsePositiveRate(c));
      assertThat(evaluated.fMeasureByLabel()[c]).isCloseTo(metrics.fMeasure(c), within(1e-12));
    }
    assertThat(evaluated.weightedPrecision()).isCloseTo(metrics.weightedPrecision(), within(1e-12));
    assertThat(evaluated.weightedRecall()).isCloseTo(metrics.weightedRecall(), within(1e-12));
    assertThat(evaluated.weightedFMeasure()).isCloseTo(metrics.weightedFMeasure(), within(1e-12));
    assertThatThrownBy(() -> model.evaluate(table.withColumn("label", col("label").plus(1))))
        .isInstanceOf(DataException.class)
        .hasMessage("label has 3, but the network has outputs for labels 0 to 2");
    assertThatThrownBy(() -> model.evaluate(Sessions.curve(spark, 3)))
        .isInstanceOf(DataException.class);
  }

  @Test
  void regressorsEstimateNumbers() throws Exception {
    Dataset<Row> table = Sessions.curve(spark, 300);
    LockstepRegressor regressor = Sessions.regressor();
    LockstepRegressionModel model = regressor.fit(table);
    LockstepRegressionTrainingSummary summary = model.summary();
    assertThat(summary.r2()).isGreaterThan(0.98);
    assertThat(summary.objectiveHistory()).hasSize(40);
    Dataset<Row> predicted = model.transform(table);
    assertThat(predicted.columns()).containsExactly("features", "label", "prediction");
    double squares = 0;
    double absolutes = 0;
    for (Row row : predicted.collectAsList()) {
      double error = (double) row.getAs("prediction") - (double) row.getAs("label");
      squares += error * error;
      absolutes += Math.abs(error);
    }
    LockstepRegressionSummary evaluated = model.evaluate(table);
    assertThat(evaluated.meanSquaredError()).isCloseTo(squares / 300, within(1e-7));
    assertThat(evaluated.rootMeanSquaredError()).isCloseTo(Math.sqrt(squares / 300), within(1e-6));
    assertThat(evaluated.meanAbsoluteError()).isCloseTo(absolutes / 300, within(1e-6));
    assertThat(evaluated.r2()).isEqualTo(summary.r2());
    assertThat(sha(regressor.setEngine("tree").fit(table.repartition(1)))).isNotEmpty();

    String path = temporary.resolve("regressor").toString();
    regressor.save(path);
    assertThat(LockstepRegressor.load(path).explainParams())
        .isEqualTo(regressor.explainParams())
        .contains("current: [2, 16, 1]");
    String modelPath = temporary.resolve("regression").toString();
    model.save(modelPath);
    assertThatThrownBy(() -> model.save(modelPath)).hasMessageContaining("already exists");
    LockstepRegressionModel read = LockstepRegressionModel.load(modelPath);
    assertThat(read.transform(table).collectAsList()).isEqualTo(predicted.collectAsList());
    assertThatThrownBy(read::summary).hasMessageContaining("was read, and has no summary");

    assertThatThrownBy(() -> Sessions.regressor().setLayers(new int[] {2, 3}).fit(table))
        .isInstanceOf(ConfigException.class)
        .hasMessage("the network has 3 outputs; want 1, for the number in label");
    assertThatThrownBy(() -> Sessions.regressor().setNetwork("loss.name = hinge").fit(table))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("loss.name = hinge tells classes apart");
    Dataset<Row> infinite = table.withColumn("label", org.apache.spark.sql.functions.lit(1e40));
    assertThatThrownBy(() -> Sessions.regressor().fit(infinite))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("label is 1.0E40; want a number that a float can hold, in row 0");
    assertThat(Sessions.regressor().setNetwork("loss.name = huber").fit(table).summary().r2())
        .isGreaterThan(0.9);
  }

  /** As a user would: held-out rows by fraction, and features of very different sizes. */
  @Test
  void scalesFeaturesByItselfAndHoldsRowsOut() {
    Dataset<Row> table =
        apart(Sessions.points(spark, 300)).withColumn("x3", col("x3").multiply(1e6));
    LockstepClassificationModel model =
        classifier()
            .setMaxIter(15)
            .setInputCols(new String[] {"x0", "x1", "x2", "x3"})
            .setNetwork("data.normalize = standardize, validation.fraction = 0.2")
            .fit(table);
    assertThat(model.summary().count()).isEqualTo(240);
    assertThat(model.summary().heldOut().orElseThrow().count()).isEqualTo(60);
    assertThat(model.summary().validationHistory()).hasSize(15);
    assertThat(model.evaluate(table).accuracy()).isGreaterThan(0.95);
  }

  @Test
  void modelsWorkOnStreams() throws Exception {
    Dataset<Row> table = Sessions.points(spark, 60);
    LockstepClassificationModel model = classifier().setMaxIter(10).fit(table);
    String in = temporary.resolve("in").toString();
    Dataset<Row> arrays =
        table.select(
            functions.vector_to_array(col("features"), "float64").as("features"), col("label"));
    arrays.repartition(3).write().parquet(in);
    String out = temporary.resolve("out").toString();
    StreamingQuery query =
        model
            .transform(
                spark
                    .readStream()
                    .schema(arrays.schema())
                    .option("maxFilesPerTrigger", 1)
                    .parquet(in))
            .select("label", "probability", "prediction")
            .writeStream()
            .format("parquet")
            .option("checkpointLocation", temporary.resolve("checkpoint").toString())
            .option("path", out)
            .trigger(org.apache.spark.sql.streaming.Trigger.AvailableNow())
            .start();
    assertThat(query.awaitTermination(60_000)).isTrue();
    assertThat(query.recentProgress()).hasSizeGreaterThanOrEqualTo(3);
    List<String> streamed = sorted(spark.read().parquet(out));
    assertThat(streamed)
        .hasSize(60)
        .isEqualTo(sorted(model.transform(arrays).select("label", "probability", "prediction")));
  }

  private static List<String> sorted(Dataset<Row> table) {
    return table.collectAsList().stream().map(Row::toString).sorted().toList();
  }

  @Test
  void functionsOfSql() throws Exception {
    Dataset<Row> table = Sessions.points(spark, 50);
    LockstepClassificationModel model = classifier().fit(table);
    String path = temporary.resolve("sql").toString();
    model.save(path);
    table.createOrReplaceTempView("points");
    List<Row> said =
        spark
            .sql(
                "SELECT lockstep_predict('%1$s', features) AS class, lockstep_probability('%1$s', features) AS p FROM points"
                    .formatted(path))
            .collectAsList();
    List<Row> expected = model.transform(table).select("prediction", "probability").collectAsList();
    for (int r = 0; r < 50; r++) {
      assertThat(said.get(r).getDouble(0)).isEqualTo(expected.get(r).getDouble(0));
      assertThat(said.get(r).getList(1))
          .isEqualTo(Arrays.stream(((Vector) expected.get(r).get(1)).toArray()).boxed().toList());
    }
    assertThatThrownBy(
            () -> spark.sql("SELECT lockstep_predict('/nowhere', features) FROM points").collect())
        .hasStackTraceContaining("/nowhere has no model; want the directory of a finished run");
    assertThatThrownBy(() -> spark.sql("SELECT lockstep_predict(features) FROM points").collect())
        .hasStackTraceContaining("wants two arguments");
    LockstepClassificationModel ofRun = LockstepClassificationModel.ofRun(path);
    assertThat(ofRun.transform(table).collectAsList())
        .isEqualTo(model.transform(table).collectAsList());
    assertThatThrownBy(() -> LockstepRegressionModel.ofRun(path))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("tells classes apart; want LockstepClassificationModel");
    Sessions.regressor().setMaxIter(1).fit(Sessions.curve(spark, 30)).save(path + "-numbers");
    assertThat(
            spark
                .sql("SELECT lockstep_predict('%s-numbers', array(0.5, 0.5))".formatted(path))
                .head()
                .getDouble(0))
        .isEqualTo(
            LockstepRegressionModel.load(path + "-numbers").predict(Vectors.dense(0.5, 0.5)));
  }

  /** Spark's own stages choose the class so: the largest of probability over threshold. */
  @Test
  void thresholdsWeighProbabilities() {
    Dataset<Row> table = Sessions.points(spark, 60);
    LockstepClassificationModel model = classifier().fit(table);
    model.setThresholds(new double[] {1e-9, 1, 1});
    for (Row row : model.transform(table).collectAsList()) {
      double[] probability = ((Vector) row.getAs("probability")).toArray();
      assertThat(probability[0]).isGreaterThan(1e-8);
      assertThat((double) row.getAs("prediction")).isZero();
    }
    Vector raw = model.predictRaw(Vectors.dense(1, 0, 0, 0));
    assertThat(raw.size()).isEqualTo(3);
  }
}
