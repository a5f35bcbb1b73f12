package dev.lockstep.spark;

import dev.lockstep.data.ExampleFormat;
import dev.lockstep.data.ExampleSet;
import dev.lockstep.data.Part;
import org.apache.spark.api.java.JavaRDD;

/**
 * Rows of a table as examples, in the order of partitions and of rows within them; so a table cut
 * otherwise has the same examples at the same places.
 *
 * @param name of the table, for messages
 * @param format how an example lies in bytes
 * @param rows the examples
 * @param starts place of the first row of each partition, and the number of all at the end
 * @param part which of the rows are meant
 */
public record ExampleRows(
    String name, ExampleFormat format, JavaRDD<ExampleRow> rows, long[] starts, Part part)
    implements ExampleSet {
  /** All rows. */
  public ExampleRows(String name, ExampleFormat format, JavaRDD<ExampleRow> rows, long[] starts) {
    this(name, format, rows, starts, Part.all(starts[starts.length - 1]));
  }

  /** Some of these rows, of which this has all. */
  public ExampleRows part(Part some) {
    return new ExampleRows(name, format, rows, starts, some);
  }

  @Override
  public long examples() {
    return part.examples();
  }

  @Override
  public int features() {
    return format.features();
  }
}
