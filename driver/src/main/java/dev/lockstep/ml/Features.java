package dev.lockstep.ml;

import dev.lockstep.config.ConfigException;
import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleFormat;
import dev.lockstep.data.ExampleFormat.Element;
import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/**
 * The column that an example's features are in: a vector, an array of numbers, or bytes, of which
 * each is a feature.
 *
 * @param column its name
 * @param form what is in it
 */
record Features(String column, Form form) implements Serializable {
  /** What a column of features may hold. */
  enum Form {
    VECTOR,
    ARRAY,
    BYTES
  }

  /**
   * Those of a table.
   *
   * @throws ConfigException if there is no such column, or it is of another type
   */
  static Features of(StructType schema, String column) {
    if (!List.of(schema.fieldNames()).contains(column)) {
      throw new ConfigException(
          "featuresCol = %s: there is no such column; the table has %s"
              .formatted(column, String.join(", ", schema.fieldNames())));
    }
    DataType type = schema.apply(column).dataType();
    return new Features(
        column,
        form(type)
            .orElseThrow(
                () ->
                    new ConfigException(
                        "featuresCol = %s is of type %s; want vectors, arrays of numbers, or binary"
                            .formatted(column, type.simpleString()))));
  }

  private static Optional<Form> form(DataType type) {
    if (type.equals(SQLDataTypes.VectorType())) {
      return Optional.of(Form.VECTOR);
    }
    if (type.equals(DataTypes.BinaryType)) {
      return Optional.of(Form.BYTES);
    }
    boolean isArray = type instanceof ArrayType array && array.elementType() instanceof NumericType;
    return isArray ? Optional.of(Form.ARRAY) : Optional.empty();
  }

  /** What each feature is. */
  Element element() {
    return form == Form.BYTES ? Element.BYTE : Element.FLOAT;
  }

  /** How many features a value of the column has. */
  int size(Object value) {
    return switch (form) {
      case VECTOR -> ((Vector) value).size();
      case ARRAY -> ((scala.collection.Seq<?>) value).size();
      case BYTES -> ((byte[]) value).length;
    };
  }

  /**
   * Puts the features of a row where an example begins.
   *
   * @param at the place of the column in the row
   * @throws DataException if they are none, or not numbers, or of another number
   */
  void put(Row row, int at, ExampleFormat format, byte[] example) {
    if (row.isNullAt(at)) {
      throw new DataException("%s is null".formatted(column));
    }
    Object value = row.get(at);
    int size = size(value);
    if (size != format.features()) {
      throw new DataException(
          "%s has %d features; want %d, as the first row has"
              .formatted(column, size, format.features()));
    }
    switch (form) {
      case VECTOR -> put((Vector) value, format, example);
      case ARRAY -> put((scala.collection.Seq<?>) value, format, example);
      case BYTES -> System.arraycopy((byte[]) value, 0, example, 0, size);
    }
  }

  private void put(Vector vector, ExampleFormat format, byte[] example) {
    if (vector instanceof DenseVector dense) {
      double[] values = dense.values();
      for (int f = 0; f < values.length; f++) {
        put(f, values[f], format, example);
      }
    } else {
      SparseVector sparse = (SparseVector) vector;
      for (int i = 0; i < sparse.indices().length; i++) {
        put(sparse.indices()[i], sparse.values()[i], format, example);
      }
    }
  }

  private void put(scala.collection.Seq<?> array, ExampleFormat format, byte[] example) {
    scala.collection.Iterator<?> values = array.iterator();
    for (int f = 0; values.hasNext(); f++) {
      Object value = values.next();
      if (value == null) {
        throw new DataException("%s: element %d is null".formatted(column, f));
      }
      put(f, ((Number) value).doubleValue(), format, example);
    }
  }

  private void put(int feature, double value, ExampleFormat format, byte[] example) {
    float narrow = (float) value;
    if (!Float.isFinite(narrow)) {
      throw new DataException(
          "%s: element %d is %s; want a number that a float can hold"
              .formatted(column, feature, value));
    }
    format.setFeature(example, 0, feature, narrow);
  }
}
