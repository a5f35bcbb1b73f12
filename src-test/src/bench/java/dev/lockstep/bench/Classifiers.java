package dev.lockstep.bench;

import dev.lockstep.bench.Table.Column;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Split;
import dev.lockstep.ml.LockstepClassifier;
import dev.lockstep.source.DataSets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.classification.MultilayerPerceptronClassifier;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * {@code LockstepClassifier} against Spark's {@code MultilayerPerceptronClassifier} on the same
 * network and the same cached table of MNIST, from {@code fit} to the model, in {@code local[2]}.
 * Turns alternate.
 *
 * <p>Arguments: how many turns (1), then the iterations that Spark's classifier has in each (25 50
 * 100).
 */
public final class Classifiers {
  private static final int[] LAYERS = {784, 128, 10};
  private static final int[] ITERATIONS = {25, 50, 100};

  private Classifiers() {}

  /** Prints a table. */
  public static void main(String[] args) throws IOException {
    String data = System.getProperty("lockstep.mnist", "../shared/data/mnist");
    int turns = args.length == 0 ? 1 : Integer.parseInt(args[0]);
    int[] all =
        args.length < 2
            ? ITERATIONS
            : Arrays.stream(args).skip(1).mapToInt(Integer::parseInt).toArray();
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.log.level", "ERROR")
            .getOrCreate()) {
      Dataset<Row> train = table(spark, DataSets.open(data, Split.TRAIN)).cache();
      Dataset<Row> test = table(spark, DataSets.open(data, Split.TEST)).cache();
      System.out.printf("%d rows, %d to test on%n", train.count(), test.count());
      Table table =
          new Table(
              "MNIST, 784-128-10, from fit to model",
              Column.text("side", "side"),
              new Column("seconds", "seconds", "%.1f"),
              new Column("test accuracy", "test_accuracy", "%.4f"));
      for (int turn = 0; turn < turns; turn++) {
        add(
            table,
            "LockstepClassifier, 10 epochs",
            test,
            () -> new LockstepClassifier().setLayers(LAYERS).setMaxIter(10).setSeed(1).fit(train));
        for (int iterations : all) {
          add(
              table,
              "MultilayerPerceptronClassifier, %d iterations".formatted(iterations),
              test,
              () ->
                  new MultilayerPerceptronClassifier()
                      .setLayers(LAYERS)
                      .setSeed(1)
                      .setMaxIter(iterations)
                      .fit(train));
        }
      }
      System.out.println(table.text());
    }
  }

  private static void add(
      Table table, String name, Dataset<Row> test, Supplier<? extends Model<?>> fit) {
    long begun = System.nanoTime();
    Model<?> model = fit.get();
    double seconds = (System.nanoTime() - begun) / 1e9;
    double accuracy =
        new MulticlassClassificationEvaluator()
            .setMetricName("accuracy")
            .evaluate(model.transform(test));
    System.out.printf("%s: %.1f s, %.4f%n", name, seconds, accuracy);
    table.add(name, seconds, accuracy);
  }

  private static Dataset<Row> table(SparkSession spark, ExampleSource source) throws IOException {
    List<Row> rows = new ArrayList<>();
    source.read(
        index -> true,
        (index, pixels, offset, label) -> {
          double[] x = new double[source.features()];
          for (int f = 0; f < x.length; f++) {
            x[f] = Byte.toUnsignedInt(pixels.get(offset + f)) / 255.0;
          }
          rows.add(RowFactory.create(Vectors.dense(x), (double) label));
        });
    return spark.createDataFrame(
        rows,
        new StructType()
            .add("features", SQLDataTypes.VectorType())
            .add("label", DataTypes.DoubleType));
  }
}
