package dev.lockstep.table;

import dev.lockstep.config.ConfigException;
import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleFormat;
import dev.lockstep.data.ExampleFormat.Element;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructType;

/**
 * Where the features of an example are: in one column that holds a vector, an array of numbers, or
 * bytes, of which each is a feature; or in columns of a number each.
 *
 * @param columns their names: one, or one a feature
 * @param isApart whether each is a feature
 * @param form what is in the column, or what is made of the columns
 */
public record Features(List<String> columns, boolean isApart, FeatureForm form)
    implements Serializable {
  private static final float FULL = 255f;

  public Features {
    columns = List.copyOf(columns);
  }

  /**
   * Those of one column.
   *
   * @param setting what names it, for messages
   * @throws ConfigException if there is no such column, or it is of another type
   */
  public static Features in(StructType schema, String setting, String column) {
    DataType type = type(schema, setting, column);
    return new Features(
        List.of(column),
        false,
        FeatureForm.of(type)
            .orElseThrow(
                () ->
                    new ConfigException(
                        "%s = %s is of type %s; want vectors, arrays of numbers, or binary"
                            .formatted(setting, column, type.simpleString()))));
  }

  /**
   * Those of columns of a number each.
   *
   * @param setting what names them, for messages
   * @throws ConfigException if one is not there, or of another type
   */
  public static Features of(StructType schema, String setting, List<String> columns) {
    if (columns.isEmpty()) {
      throw new ConfigException("%s is empty; want a column or more".formatted(setting));
    }
    for (String column : columns) {
      DataType type = type(schema, setting, column);
      if (!(type instanceof NumericType || type.equals(DataTypes.BooleanType))) {
        throw new ConfigException(
            "%s has %s, which is of type %s; want columns of numbers"
                .formatted(setting, column, type.simpleString()));
      }
    }
    return made(columns);
  }

  /** Those that a value of a column is found to have. */
  public static Features found(String column, Object value) {
    return new Features(List.of(column), false, FeatureForm.of(value));
  }

  /** Those of an array that has been made of columns. */
  public static Features made(List<String> columns) {
    return new Features(columns, true, FeatureForm.ARRAY);
  }

  private static DataType type(StructType schema, String setting, String column) {
    if (!List.of(schema.fieldNames()).contains(column)) {
      throw new ConfigException(
          "%s = %s: there is no such column; the table has %s"
              .formatted(setting, column, String.join(", ", schema.fieldNames())));
    }
    return schema.apply(column).dataType();
  }

  /** What each feature is. */
  Element element() {
    return form.element();
  }

  /** The one column that holds them, made of others if it must be. */
  public Column column() {
    return isApart
        ? functions.array(
            columns.stream()
                .map(name -> functions.col(quoted(name)).cast(DataTypes.DoubleType))
                .toArray(Column[]::new))
        : functions.col(quoted(columns.get(0)));
  }

  /** A name as it is, whatever dots it has. */
  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /**
   * How many features a value of the column has.
   *
   * @throws DataException if there is none
   */
  int size(Object value) {
    if (value == null) {
      throw new DataException("%s is null".formatted(columns.get(0)));
    }
    return form.size(value);
  }

  /**
   * Puts the features of a row where an example begins.
   *
   * @throws DataException if they are none, or not numbers, or of another number
   */
  void put(Object value, ExampleFormat format, byte[] example) {
    int size = size(value);
    if (size != format.features()) {
      throw new DataException(
          "%s has %d features; want %d, as the first row has"
              .formatted(columns.get(0), size, format.features()));
    }
    if (form == FeatureForm.BYTES) {
      System.arraycopy((byte[]) value, 0, example, 0, size);
    } else {
      form.forEach(
          value, new Checked((feature, narrow) -> format.setFeature(example, 0, feature, narrow)));
    }
  }

  /**
   * What a network is given, x[I], before what normalises it.
   *
   * @param value of the column
   * @param inputs I
   * @param element what the network was trained on
   * @throws DataException if the value is null, of another form or size, or has what is no number
   */
  public float[] inputs(Object value, int inputs, Element element) {
    int size = size(value);
    boolean isBytes = element() == Element.BYTE;
    if (isBytes != (element == Element.BYTE)) {
      throw new DataException(
          "%s has %s, but the model was trained on %s"
              .formatted(
                  columns.get(0), isBytes ? "bytes" : "numbers", isBytes ? "numbers" : "bytes"));
    }
    if (size != inputs) {
      throw new DataException(
          "%s has %d features; the model takes %d".formatted(columns.get(0), size, inputs));
    }
    float[] x = new float[inputs];
    form.forEach(value, new Checked((feature, narrow) -> x[feature] = narrow));
    if (isBytes) {
      IntStream.range(0, inputs).forEach(f -> x[f] /= FULL);
    }
    return x;
  }

  private String nameOf(int feature) {
    return isApart ? columns.get(feature) : "%s: element %d".formatted(columns.get(0), feature);
  }

  /** Takes a feature as a float. */
  private interface FloatSink {
    void accept(int feature, float value);
  }

  /** Lets finite numbers through, as floats. */
  private final class Checked implements FeatureForm.Sink {
    private final FloatSink sink;

    Checked(FloatSink sink) {
      this.sink = sink;
    }

    @Override
    public void accept(int feature, double value) {
      float narrow = (float) value;
      if (!Float.isFinite(narrow)) {
        throw new DataException(
            "%s is %s; want a number that a float can hold".formatted(nameOf(feature), value));
      }
      sink.accept(feature, narrow);
    }

    @Override
    public void absent(int feature) {
      throw new DataException("%s is null".formatted(nameOf(feature)));
    }
  }
}
