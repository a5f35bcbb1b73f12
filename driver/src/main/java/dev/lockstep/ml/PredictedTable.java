package dev.lockstep.ml;

import dev.lockstep.config.ConfigException;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.Split;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.source.DataSets;
import dev.lockstep.table.SourceTable;
import dev.lockstep.table.TableData;
import dev.lockstep.table.TableFiles;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.functions;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.DataTypes;

/**
 * A table with what a network says of each row: column {@code prediction}, and, of classes, {@code
 * probability}, an array.
 *
 * @param rows the table
 * @param classes how many classes there are; 0 where numbers are estimated
 */
public record PredictedTable(Dataset<Row> rows, int classes) {
  private static final String PROBABILITY = "probability";
  private static final String COUNT = "rows";

  /**
   * Adds the columns.
   *
   * @param features the column of features, or columns of a feature each
   * @throws dev.lockstep.config.ConfigException if they are there already
   */
  public static PredictedTable of(Model model, Dataset<Row> table, List<String> features) {
    if (Prediction.isNumber(model)) {
      LockstepRegressionModel stage = LockstepRegressionModel.of(model);
      read(stage, features);
      return new PredictedTable(stage.transform(table), 0);
    }
    LockstepClassificationModel stage = LockstepClassificationModel.of(model);
    read(stage, features);
    Dataset<Row> told = stage.setRawPredictionCol("").transform(table);
    return new PredictedTable(
        told.withColumn(PROBABILITY, functions.vector_to_array(told.col(PROBABILITY), "float64")),
        stage.numClasses());
  }

  private static void read(LockstepModel stage, List<String> features) {
    if (features.size() > 1) {
      stage.set(stage.inputCols(), features.toArray(String[]::new));
    } else {
      stage.set(stage.getParam("featuresCol"), features.get(0));
    }
  }

  /**
   * What a network says of the data of a configuration.
   *
   * @param tables what they are in; empty for files that are no tables
   * @param half which of them; empty for those to test on, or all there is
   * @throws ConfigException if there is no such half
   */
  public static PredictedTable of(
      Model model,
      RunConfig config,
      Optional<TableFiles> tables,
      Optional<Split> half,
      JavaSparkContext context)
      throws IOException {
    SparkSession spark = TableData.session(context);
    String uri = config.data().uri();
    if (tables.isEmpty()) {
      Dataset<Row> rows = SourceTable.of(spark, DataSets.open(uri, half.orElse(Split.TEST)));
      return of(model, rows, List.of(SourceTable.FEATURES)).without(SourceTable.FEATURES);
    }
    TableFiles files = tables.get();
    Split wanted = half.orElse(files.test().isPresent() ? Split.TEST : Split.TRAIN);
    Dataset<Row> rows = TableData.rows(files, spark, files.in(wanted, uri));
    return of(model, rows, TableData.features(rows.schema(), config.data().columns()).columns());
  }

  private PredictedTable without(String column) {
    return new PredictedTable(rows.drop(column), classes);
  }

  /**
   * Writes it as one job. CSV has columns of plain values alone: of probabilities one a class, and
   * none of vectors, arrays and bytes.
   *
   * @param format parquet or csv
   * @return how many rows
   * @throws InterruptedException if the thread is, while it waits for the number
   */
  public long write(String format, String path) throws InterruptedException {
    Observation observation = new Observation();
    Dataset<Row> counted =
        rows.observe(
            observation,
            org.apache.spark.sql.functions.count(org.apache.spark.sql.functions.lit(1)).as(COUNT));
    if (format.equals("csv")) {
      counted.select(plain(counted)).write().option("header", true).csv(path);
    } else {
      counted.write().format(format).save(path);
    }
    return (long) observation.getAsJava().get(COUNT);
  }

  private Column[] plain(Dataset<Row> table) {
    List<Column> columns = new ArrayList<>();
    Arrays.stream(table.schema().fields())
        .filter(field -> field.dataType() instanceof AtomicType)
        .filter(field -> !field.dataType().equals(DataTypes.BinaryType))
        .forEach(field -> columns.add(table.col("`" + field.name() + "`")));
    for (int c = 0; c < classes; c++) {
      columns.add(table.col(PROBABILITY).getItem(c).as(PROBABILITY + "_" + c));
    }
    return columns.toArray(Column[]::new);
  }
}
