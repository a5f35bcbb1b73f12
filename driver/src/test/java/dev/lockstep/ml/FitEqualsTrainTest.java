package dev.lockstep.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.cli.Cli;
import dev.lockstep.config.ConfigException;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticDigits;
import dev.lockstep.spark.SparkKryoRegistrator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The estimator and the command train the same data to the same bits. */
final class FitEqualsTrainTest {
  private static final int EXAMPLES = 600;

  /** Everything that a run may carry from step to step. */
  private static final List<String> SETTINGS =
      List.of(
          "layers=[dense 24 relu, dropout 0.3, dense 10]",
          "optimizer.name=adam",
          "optimizer.learning-rate=0.003",
          "average.decay=0.9",
          "validation.fraction=0.2",
          "stop.patience=5",
          "batch-size=50",
          "shards=4",
          "epochs=2",
          "seed=7");

  private static final List<String> STANDARDIZED = List.of("data.normalize=standardize");

  @TempDir Path temporary;

  @Test
  void digitsAsBytesAndAsVectors() throws IOException {
    String expected = trained("plain", List.of());
    String standardized = trained("standardized", STANDARDIZED);

    List<Row> bytes = new ArrayList<>();
    List<Row> vectors = new ArrayList<>();
    new SyntheticDigits(EXAMPLES, 1, Split.TRAIN)
        .read(
            index -> true,
            (index, pixels, offset, label) -> {
              byte[] image = new byte[784];
              pixels.get(offset, image, 0, image.length);
              double[] scaled = new double[image.length];
              for (int p = 0; p < image.length; p++) {
                scaled[p] = Byte.toUnsignedInt(image[p]) / 255.0;
              }
              bytes.add(RowFactory.create(image, label));
              vectors.add(RowFactory.create(Vectors.dense(scaled), label));
            });
    try (SparkSession spark =
        SparkSession.builder()
            .master("local[3]")
            .config("spark.ui.enabled", "false")
            .config("spark.log.level", "WARN")
            .getOrCreate()) {
      assertThat(fitted(spark, DataTypes.BinaryType, bytes)).isEqualTo(expected);
      assertThat(fitted(spark, SQLDataTypes.VectorType(), vectors)).isEqualTo(expected);
      assertThat(fitted(spark, DataTypes.BinaryType, bytes, STANDARDIZED)).isEqualTo(standardized);
    }
    SparkSession.Builder kryo =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.log.level", "WARN")
            .config("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
    try (SparkSession spark = kryo.getOrCreate()) {
      assertThatThrownBy(() -> fitted(spark, DataTypes.BinaryType, bytes))
          .isInstanceOf(ConfigException.class)
          .hasMessageContaining("set spark.kryo.registrator = dev.lockstep.spark.");
    }
    kryo.config("spark.kryo.registrator", SparkKryoRegistrator.class.getName());
    try (SparkSession spark = kryo.getOrCreate()) {
      assertThat(fitted(spark, DataTypes.BinaryType, bytes)).isEqualTo(expected);
    }
  }

  /** The digest of what the command trains. */
  private String trained(String name, List<String> settings) throws IOException {
    Path run = temporary.resolve(name);
    List<String> words =
        new ArrayList<>(
            List.of(
                "train",
                "--out",
                run.toString(),
                "--data",
                "synthetic:digits?n=%d&seed=1".formatted(EXAMPLES)));
    Stream.of(SETTINGS, settings, List.of("engine=local"))
        .flatMap(List::stream)
        .forEach(setting -> words.addAll(List.of("--set", setting)));
    Cli.Result trained = Cli.run(words.toArray(String[]::new));
    assertThat(trained.exit()).as(trained.err()).isZero();
    return Cli.summary(run).path("model_sha256").asText();
  }

  private static String fitted(SparkSession spark, DataType type, List<Row> rows) {
    return fitted(spark, type, rows, List.of());
  }

  private static String fitted(
      SparkSession spark, DataType type, List<Row> rows, List<String> settings) {
    Dataset<Row> table =
        spark.createDataFrame(
            rows, new StructType().add("features", type).add("label", DataTypes.IntegerType));
    return new LockstepClassifier()
        .setNetwork(String.join("\n", SETTINGS) + "\n" + String.join("\n", settings))
        .fit(table)
        .model()
        .sha256();
  }
}
