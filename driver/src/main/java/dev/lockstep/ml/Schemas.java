package dev.lockstep.ml;

import dev.lockstep.config.ConfigException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What stages make of the columns of a table, found before anything runs. */
final class Schemas {
  private Schemas() {}

  /**
   * The columns after a stage.
   *
   * @param read columns of numbers or booleans that are read besides the features
   * @param vectors columns of vectors that are added, empty names for none
   * @param prediction the column of numbers that is added, an empty name for none
   * @throws ConfigException if a column is missing, of another type, or there already
   */
  static StructType transformed(
      StructType schema,
      String features,
      List<Optional<String>> read,
      List<String> vectors,
      String prediction) {
    Features unused = Features.of(schema, features);
    read.forEach(column -> column.ifPresent(name -> checkNumbers(schema, name)));
    List<StructField> fields = new ArrayList<>(Arrays.asList(schema.fields()));
    vectors.forEach(name -> add(fields, name, SQLDataTypes.VectorType()));
    add(fields, prediction, DataTypes.DoubleType);
    return new StructType(fields.toArray(StructField[]::new));
  }

  private static void checkNumbers(StructType schema, String name) {
    if (!Arrays.asList(schema.fieldNames()).contains(name)) {
      throw new ConfigException(
          "there is no column %s; the table has %s"
              .formatted(name, String.join(", ", schema.fieldNames())));
    }
    DataType type = schema.apply(name).dataType();
    if (!(type instanceof NumericType || type instanceof BooleanType)) {
      throw new ConfigException(
          "column %s is of type %s; want numbers".formatted(name, type.simpleString()));
    }
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
