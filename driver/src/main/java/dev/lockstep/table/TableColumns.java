package dev.lockstep.table;

import dev.lockstep.config.ConfigException;
import dev.lockstep.data.ExampleFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.AtomicType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/**
 * The columns of a table that make an example of a row.
 *
 * @param features where its features are
 * @param label the column of its class, 0, 1, 2 …, or of a number to estimate
 * @param isClass which of the two
 * @param weight the column of its weight; empty where all weigh 1
 * @param order the column whose order is that of the examples, of which no two are equal; empty for
 *     the order of the table
 */
public record TableColumns(
    Features features,
    String label,
    boolean isClass,
    Optional<String> weight,
    Optional<String> order) {
  /**
   * Checks that a column can be read as a number.
   *
   * @throws ConfigException if it is not there, or of another type
   */
  public static void checkNumber(StructType schema, String name) {
    DataType type = type(schema, name);
    if (!(type instanceof NumericType || type instanceof BooleanType)) {
      throw new ConfigException(
          "column %s is of type %s; want numbers".formatted(name, type.simpleString()));
    }
  }

  /**
   * Checks that rows can be ordered by a column.
   *
   * @throws ConfigException if it is not there, or of another type
   */
  public static void checkOrder(StructType schema, String name) {
    DataType type = type(schema, name);
    if (!(type instanceof AtomicType)) {
      throw new ConfigException(
          "column %s is of type %s; want one whose values have an order, such as bigint or string"
              .formatted(name, type.simpleString()));
    }
  }

  private static DataType type(StructType schema, String name) {
    if (!List.of(schema.fieldNames()).contains(name)) {
      throw new ConfigException(
          "there is no column %s; the table has %s"
              .formatted(name, String.join(", ", schema.fieldNames())));
    }
    return schema.apply(name).dataType();
  }

  /** Of these columns, in this order: features, label, and those of weight and order. */
  Dataset<Row> select(Dataset<?> table) {
    List<Column> columns = new ArrayList<>();
    columns.add(features.column());
    columns.add(number(label));
    weight.map(TableColumns::number).ifPresent(columns::add);
    Optional<Column> key = order.map(name -> functions.col(Features.quoted(name)));
    key.ifPresent(columns::add);
    Dataset<?> ordered = key.isPresent() ? table.orderBy(key.get()) : table;
    return ordered.select(columns.toArray(Column[]::new));
  }

  private static Column number(String name) {
    return functions.col(Features.quoted(name)).cast(DataTypes.DoubleType);
  }

  /** How an example of so many features lies in bytes. */
  ExampleFormat format(int size) {
    return new ExampleFormat(size, features.element(), isClass ? 0 : 1, weight.isPresent());
  }

  /** Where the value to order by is, in what is selected. */
  int orderAt() {
    return weight.isPresent() ? 3 : 2;
  }
}
