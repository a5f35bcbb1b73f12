package dev.lockstep.table;

import dev.lockstep.config.ConfigException;
import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleFormat;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.spark.ClusterException;
import dev.lockstep.spark.ExampleRow;
import dev.lockstep.spark.ExampleRows;
import dev.lockstep.spark.Failures;
import dev.lockstep.spark.Uninterrupted;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.storage.StorageLevel;

/**
 * Examples out of the rows of a table. They are kept while a run goes on, so that what was counted
 * is what is trained on, even where the table's own order is not defined.
 *
 * @param rows the examples
 * @param classes one more than the largest label; 0 where labels are no classes
 * @param digest what tells them from others
 */
public record Table(ExampleRows rows, int classes, String digest) implements AutoCloseable {
  /**
   * Reads a table.
   *
   * @param columns what is read of it
   * @param name for messages
   * @throws DataException naming column and row, if one cannot be an example
   * @throws ClusterException if the rows could not be read
   */
  public static Table read(Dataset<?> table, TableColumns columns, String name) {
    ExampleFormat format = columns.format(size(table, columns.features(), name));
    JavaRDD<ExampleRow> rows =
        columns
            .select(table)
            .javaRDD()
            .mapPartitionsWithIndex(new RowReading(columns, format), true)
            .setName("rows of " + name)
            .persist(StorageLevel.MEMORY_AND_DISK());
    return counted(rows, format, name);
  }

  /**
   * How many features the first row of a table has.
   *
   * @throws DataException if there is none, or it has none
   */
  static int size(Dataset<?> table, Features features, String name) {
    List<Row> first = ran(() -> table.select(features.column()).takeAsList(1));
    if (first.isEmpty()) {
      throw new DataException("there are no rows in %s".formatted(name));
    }
    int size = features.size(first.get(0).get(0));
    if (size == 0) {
      throw new ConfigException("%s: no features".formatted(features.columns().get(0)));
    }
    return size;
  }

  private static Table counted(JavaRDD<ExampleRow> rows, ExampleFormat format, String name) {
    List<long[]> parts;
    try {
      parts = ran(() -> rows.mapPartitions(Table::count, true).collect());
    } catch (DataException | ClusterException e) {
      Uninterrupted.unpersist(rows, false);
      throw e;
    }
    long[] starts = new long[parts.size() + 1];
    int classes = 0;
    RowDigest digest = RowDigest.EMPTY;
    for (int p = 0; p < parts.size(); p++) {
      long[] part = parts.get(p);
      digest = digest.plus(new RowDigest(part[1], part[2], part[3]));
      starts[p + 1] = digest.rows();
      classes = Math.max(classes, (int) part[0] + 1);
    }
    return new Table(
        new ExampleRows(name, format, rows, starts),
        format.hasClass() ? classes : 0,
        digest.toString());
  }

  private static <T> T ran(Supplier<T> job) {
    try {
      return job.get();
    } catch (Exception e) { // Scala throws SparkException without declaring it.
      throw Failures.of("the rows could not be read", e);
    }
  }

  /**
   * Checks that a network can tell the classes apart.
   *
   * @param label the column that they are in
   * @param known how many it tells apart
   * @throws DataException if there are more
   */
  public void checkClasses(String label, int known) {
    if (classes > known) {
      throw new DataException(
          "%s has %d, but the network has outputs for labels 0 to %d"
              .formatted(label, classes - 1, known - 1));
    }
  }

  /**
   * Checks that a model can be tried on it.
   *
   * @param label the column of labels
   * @throws DataException if rows have other features than it takes, or labels that it does not
   *     know
   */
  public void check(Model model, String label) {
    ExampleFormat format = rows.format();
    if (format.features() != model.inputs() || format.element() != model.element()) {
      throw new DataException(
          "rows of %s have %d %ss as features, but the model takes %d %ss"
              .formatted(
                  rows.name(),
                  format.features(),
                  format.element().name().toLowerCase(Locale.ROOT),
                  model.inputs(),
                  model.element().name().toLowerCase(Locale.ROOT)));
    }
    if (format.hasClass()) {
      checkClasses(label, model.loss().classes(model.network().outputs()));
    }
  }

  @Override
  public void close() {
    Uninterrupted.unpersist(rows.rows(), false);
  }

  /**
   * Of a partition: the largest label, -1 for none, and the digest. All serialisers know arrays.
   */
  private static Iterator<long[]> count(Iterator<ExampleRow> rows) {
    RowDigest digest = RowDigest.EMPTY;
    int largest = -1;
    while (rows.hasNext()) {
      ExampleRow row = rows.next();
      digest = digest.plus(row);
      largest = Math.max(largest, row.label());
    }
    return List.of(new long[] {largest, digest.rows(), digest.value(), digest.power()}).iterator();
  }
}
