package dev.lockstep.ml;

import dev.lockstep.config.ConfigException;
import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleFormat;
import dev.lockstep.spark.ClusterException;
import dev.lockstep.spark.ExampleRow;
import dev.lockstep.spark.ExampleRows;
import dev.lockstep.spark.Failures;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.StorageLevel;

/**
 * Examples out of the rows of a table. They are kept while a run goes on, so that what was counted
 * is what is trained on, even where the table's own order is not defined.
 *
 * @param rows the examples
 * @param classes one more than the largest label
 */
record Table(ExampleRows rows, int classes) implements AutoCloseable {
  /**
   * Reads a table.
   *
   * @param features the column of features
   * @param label the column of labels, 0, 1, 2 …
   * @param weight the column of weights, if there is one
   * @param name for messages
   * @throws DataException naming column and row, if one cannot be an example
   */
  static Table read(
      Dataset<?> table, Features features, String label, Optional<String> weight, String name) {
    List<Column> columns = new ArrayList<>();
    columns.add(functions.col(features.column()));
    columns.add(functions.col(label).cast(DataTypes.DoubleType));
    weight.ifPresent(column -> columns.add(functions.col(column).cast(DataTypes.DoubleType)));
    Dataset<Row> selected = table.select(columns.toArray(Column[]::new));
    ExampleFormat format =
        new ExampleFormat(size(selected, features), features.element(), 0, weight.isPresent());
    JavaRDD<ExampleRow> rows =
        selected
            .javaRDD()
            .mapPartitionsWithIndex(new Read(features, label, weight.orElse(""), format), true)
            .setName("rows of " + name)
            .persist(StorageLevel.MEMORY_AND_DISK());
    return counted(rows, format, name);
  }

  private static int size(Dataset<Row> selected, Features features) {
    List<Row> first = selected.takeAsList(1);
    if (first.isEmpty()) {
      throw new DataException("the table has no rows");
    }
    if (first.get(0).isNullAt(0)) {
      throw new DataException("%s is null in the first row".formatted(features.column()));
    }
    int size = features.size(first.get(0).get(0));
    if (size == 0) {
      throw new ConfigException("featuresCol = %s: no features".formatted(features.column()));
    }
    return size;
  }

  private static Table counted(JavaRDD<ExampleRow> rows, ExampleFormat format, String name) {
    try {
      List<long[]> parts = rows.mapPartitions(Table::count, true).collect();
      long[] starts = new long[parts.size() + 1];
      int classes = 0;
      for (int p = 0; p < parts.size(); p++) {
        starts[p + 1] = starts[p] + parts.get(p)[0];
        classes = Math.max(classes, (int) parts.get(p)[1] + 1);
      }
      return new Table(new ExampleRows(name, format, rows, starts), classes);
    } catch (Exception e) { // Scala throws SparkException without declaring it.
      rows.unpersist(false);
      throw Failures.find(e, DataException.class)
          .<RuntimeException>map(found -> found)
          .orElseGet(
              () -> new ClusterException("the rows could not be read: " + Failures.describe(e), e));
    }
  }

  @Override
  public void close() {
    rows.rows().unpersist(false);
  }

  /** How many rows a partition has, and their largest label. */
  private static Iterator<long[]> count(Iterator<ExampleRow> rows) {
    long count = 0;
    int largest = -1;
    while (rows.hasNext()) {
      largest = Math.max(largest, rows.next().label());
      count++;
    }
    return List.of(new long[] {count, largest}).iterator();
  }

  /** Makes examples of the rows of a partition. */
  private static final class Read
      implements Function2<Integer, Iterator<Row>, Iterator<ExampleRow>> {
    private static final long serialVersionUID = 1;
    private static final int MAX_LABEL = 0xFFFF;

    private final Features features;
    private final String label;
    private final String weight;
    private final ExampleFormat format;

    Read(Features features, String label, String weight, ExampleFormat format) {
      this.features = features;
      this.label = label;
      this.weight = weight;
      this.format = format;
    }

    @Override
    public Iterator<ExampleRow> call(Integer partition, Iterator<Row> rows) {
      return new Iterator<>() {
        private long place;

        @Override
        public boolean hasNext() {
          return rows.hasNext();
        }

        @Override
        public ExampleRow next() {
          Row row = rows.next();
          try {
            ExampleRow example = read(row);
            place++;
            return example;
          } catch (DataException e) {
            throw new DataException(
                "%s, in row %d of partition %d".formatted(e.getMessage(), place, partition));
          }
        }
      };
    }

    private ExampleRow read(Row row) {
      byte[] example = new byte[format.bytes()];
      features.put(row, 0, format, example);
      if (format.isWeighted()) {
        format.setWeight(example, 0, weight(row));
      }
      return new ExampleRow(example, label(row));
    }

    private int label(Row row) {
      if (row.isNullAt(1)) {
        throw new DataException("%s is null".formatted(label));
      }
      double value = row.getDouble(1);
      if (value != Math.rint(value) || value < 0 || value > MAX_LABEL) {
        throw new DataException(
            "%s is %s; want a class as a whole number from 0 to %d"
                .formatted(label, value, MAX_LABEL));
      }
      return (int) value;
    }

    private float weight(Row row) {
      double value = row.isNullAt(2) ? Double.NaN : row.getDouble(2);
      if (!(value >= 0) || !Float.isFinite((float) value)) {
        throw new DataException(
            "%s is %s; want a number of 0 or more"
                .formatted(weight, row.isNullAt(2) ? "null" : value));
      }
      return (float) value;
    }
  }
}
