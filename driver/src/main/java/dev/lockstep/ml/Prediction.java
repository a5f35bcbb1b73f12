package dev.lockstep.ml;

import dev.lockstep.metric.Evaluation;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.table.Features;
import dev.lockstep.table.Table;
import dev.lockstep.table.TableColumns;
import dev.lockstep.train.ModelEvaluation;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/**
 * What trained stages do with tables.
 *
 * @param featuresCol the column of features
 * @param inputCols columns of a feature each, which take its place; empty for none
 */
record Prediction(String featuresCol, List<String> inputCols) {
  static Prediction of(LockstepModel stage, String featuresCol) {
    return new Prediction(
        featuresCol,
        stage.isDefined(stage.inputCols()) ? List.of(stage.getInputCols()) : List.of());
  }

  /** Whether a network says a number of a row, and not a class. */
  static boolean isNumber(Model model) {
    int outputs = model.network().outputs();
    return outputs == 1 && model.loss().estimatesVectors(outputs);
  }

  /**
   * A summary that is asked for.
   *
   * @throws IllegalStateException if there is none
   */
  static <S> S present(S summary) {
    if (summary == null) {
      throw new IllegalStateException(
          "this model was read, and has no summary; only one that was just trained has");
    }
    return summary;
  }

  /** Those that a value of the column of features has. */
  Features found(Object value) {
    return inputCols.isEmpty() ? Features.found(featuresCol, value) : Features.made(inputCols);
  }

  /**
   * Where features are.
   *
   * @throws dev.lockstep.config.ConfigException if no such columns are there
   */
  Features features(StructType schema) {
    return inputCols.isEmpty()
        ? Features.in(schema, "featuresCol", featuresCol)
        : Features.of(schema, "inputCols", inputCols);
  }

  /**
   * Has a table transformed that has all features in one column.
   *
   * @param name of the column, where it must be made
   * @param transform makes of such a table, and the name of the column, another
   */
  Dataset<Row> transform(
      Dataset<?> table, String name, BiFunction<Dataset<?>, String, Dataset<Row>> transform) {
    Features features = features(table.schema());
    return inputCols.isEmpty()
        ? transform.apply(table, featuresCol)
        : transform.apply(table.withColumn(name, features.column()), name).drop(name);
  }

  /** How well a stage does on a table that has labels. */
  Evaluation evaluate(LockstepModel stage, Dataset<?> table, String label, boolean isClass) {
    TableColumns.checkNumber(table.schema(), label);
    TableColumns columns =
        new TableColumns(
            features(table.schema()), label, isClass, Optional.empty(), Optional.empty());
    try (Table rows = Table.read(table, columns, "the table")) {
      rows.check(stage.model(), label);
      return ModelEvaluation.of(stage.model(), rows.rows());
    }
  }
}
