package dev.lockstep.ml;

import dev.lockstep.config.ConfigException;
import dev.lockstep.table.Features;
import dev.lockstep.table.TableColumns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What stages make of the columns of a table, found before anything runs. */
final class Schemas {
  private Schemas() {}

  /**
   * Checks the columns that only training reads.
   *
   * @throws ConfigException if one is missing, or of another type
   */
  static void checkTraining(StructType schema, TrainingParams training, String label) {
    TableColumns.checkNumber(schema, label);
    training.given(training.weightCol).ifPresent(name -> TableColumns.checkNumber(schema, name));
    training
        .given(training.validationIndicatorCol)
        .ifPresent(name -> TableColumns.checkNumber(schema, name));
    training.given(training.idCol).ifPresent(name -> TableColumns.checkOrder(schema, name));
  }

  /**
   * The columns after a stage.
   *
   * @param features where features are; that they are there has been seen
   * @param vectors columns of vectors that are added, empty names for none
   * @param prediction the column of numbers that is added, an empty name for none
   * @throws ConfigException if a column is there already
   */
  static StructType transformed(
      StructType schema, Features features, List<String> vectors, String prediction) {
    List<StructField> fields = new ArrayList<>(Arrays.asList(schema.fields()));
    vectors.forEach(name -> add(fields, name, SQLDataTypes.VectorType()));
    add(fields, prediction, DataTypes.DoubleType);
    return new StructType(fields.toArray(StructField[]::new));
  }

  private static void add(List<StructField> fields, String name, DataType type) {
    if (name.isEmpty()) {
      return;
    }
    if (fields.stream().anyMatch(field -> field.name().equals(name))) {
      throw new ConfigException(
          "column %s is there already; choose another name for what is added, or drop it"
              .formatted(name));
    }
    fields.add(new StructField(name, type, false, org.apache.spark.sql.types.Metadata.empty()));
  }
}
