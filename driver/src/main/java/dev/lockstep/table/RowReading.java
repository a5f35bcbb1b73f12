package dev.lockstep.table;

import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleFormat;
import dev.lockstep.spark.ExampleRow;
import java.util.Iterator;
import java.util.Objects;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.Row;

/** Makes examples of the rows of a partition, as {@link TableColumns} selects them. */
final class RowReading implements Function2<Integer, Iterator<Row>, Iterator<ExampleRow>> {
  private static final long serialVersionUID = 1;
  private static final int MAX_LABEL = 0xFFFF;

  private final Features features;
  private final String label;
  private final String weight;
  private final String order;
  private final int orderAt;
  private final ExampleFormat format;

  RowReading(TableColumns columns, ExampleFormat format) {
    this.features = columns.features();
    this.label = columns.label();
    this.weight = columns.weight().orElse("");
    this.order = columns.order().orElse("");
    this.orderAt = columns.orderAt();
    this.format = format;
  }

  @Override
  public Iterator<ExampleRow> call(Integer partition, Iterator<Row> rows) {
    return new Iterator<>() {
      private long place;
      private Object before;

      private String where(Row row) {
        return order.isEmpty()
            ? "row %d of partition %d".formatted(place, partition)
            : "the row with %s %s".formatted(order, row.get(orderAt));
      }

      /** Equals come one after the other: the table is sorted, and by ranges. */
      private Object inOrder(Object value) {
        if (value == null) {
          throw new DataException("%s is null".formatted(order));
        }
        if (Objects.deepEquals(before, value)) {
          throw new DataException("%s has a value twice; want one a row".formatted(order));
        }
        return value;
      }

      @Override
      public boolean hasNext() {
        return rows.hasNext();
      }

      @Override
      public ExampleRow next() {
        Row row = rows.next();
        try {
          ExampleRow example = read(row);
          if (!order.isEmpty()) {
            before = inOrder(row.get(orderAt));
          }
          place++;
          return example;
        } catch (DataException e) {
          throw new DataException("%s, in %s".formatted(e.getMessage(), where(row)));
        }
      }
    };
  }

  private ExampleRow read(Row row) {
    byte[] example = new byte[format.bytes()];
    features.put(row.get(0), format, example);
    if (format.isWeighted()) {
      format.setWeight(example, 0, weight(row));
    }
    if (format.hasClass()) {
      return new ExampleRow(example, classOf(row));
    }
    format.setTarget(example, 0, 0, number(row));
    return new ExampleRow(example, 0);
  }

  private double label(Row row) {
    if (row.isNullAt(1)) {
      throw new DataException("%s is null".formatted(label));
    }
    return row.getDouble(1);
  }

  private int classOf(Row row) {
    double value = label(row);
    if (value != Math.rint(value) || value < 0 || value > MAX_LABEL) {
      throw new DataException(
          "%s is %s; want a class as a whole number from 0 to %d"
              .formatted(label, value, MAX_LABEL));
    }
    return (int) value;
  }

  private float number(Row row) {
    double value = label(row);
    if (!Float.isFinite((float) value)) {
      throw new DataException(
          "%s is %s; want a number that a float can hold".formatted(label, value));
    }
    return (float) value;
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
