package dev.lockstep.ml;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Sessions and tables of tests. */
final class Sessions {
  private Sessions() {}

  static SparkSession open(int slots) {
    return SparkSession.builder()
        .master("local[%d]".formatted(slots))
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.extensions", LockstepFunctions.class.getName())
        .config("spark.log.level", "WARN")
        .getOrCreate();
  }

  /** Of columns features and label. */
  static Dataset<Row> table(SparkSession spark, DataType featuresType, List<Row> rows) {
    return spark.createDataFrame(
        rows, new StructType().add("features", featuresType).add("label", DataTypes.DoubleType));
  }

  /** Three classes of points around three places. */
  static List<Row> points(int count) {
    SplittableRandom random = new SplittableRandom(5);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      int label = random.nextInt(3);
      double[] x = new double[4];
      for (int f = 0; f < x.length; f++) {
        x[f] = (f == label ? 1.5 : 0) + random.nextDouble();
      }
      rows.add(RowFactory.create(Vectors.dense(x), (double) label));
    }
    return rows;
  }

  static Dataset<Row> points(SparkSession spark, int count) {
    return table(spark, SQLDataTypes.VectorType(), points(count));
  }

  /** A number that goes with two others: x² − y. */
  static Dataset<Row> curve(SparkSession spark, int count) {
    SplittableRandom random = new SplittableRandom(7);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      double x = 2 * random.nextDouble() - 1;
      double y = 2 * random.nextDouble() - 1;
      rows.add(RowFactory.create(Vectors.dense(x, y), x * x - y));
    }
    return table(spark, SQLDataTypes.VectorType(), rows);
  }

  /** A job of one task, for minutes. */
  static void sleep(SparkSession spark) {
    JavaSparkContext.fromSparkContext(spark.sparkContext())
        .parallelize(List.of(1), 1)
        .foreach(unused -> TimeUnit.MINUTES.sleep(5));
  }

  static LockstepRegressor regressor() {
    return new LockstepRegressor()
        .setLayers(new int[] {2, 16, 1})
        .setActivation("tanh")
        .setOptimizer("adam")
        .setStepSize(0.02)
        .setBatchSize(20)
        .setMaxIter(40);
  }
}
