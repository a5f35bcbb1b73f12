package dev.lockstep.spark;

import dev.lockstep.data.ExampleFormat;
import dev.lockstep.data.ExampleSet;
import org.apache.spark.api.java.JavaRDD;

/**
 * Rows of a table as examples, in the order of partitions and of rows within them; so a table cut
 * otherwise has the same examples at the same places.
 *
 * @param name of the table, for messages
 * @param format how an example lies in bytes
 * @param rows the examples
 * @param starts place of the first example of each partition, and the number of all at the end
 */
public record ExampleRows(
    String name, ExampleFormat format, JavaRDD<ExampleRow> rows, long[] starts)
    implements ExampleSet {
  @Override
  public long examples() {
    return starts[starts.length - 1];
  }

  @Override
  public int features() {
    return format.features();
  }
}
