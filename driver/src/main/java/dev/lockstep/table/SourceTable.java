package dev.lockstep.table;

import dev.lockstep.data.Access;
import dev.lockstep.data.ExampleSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** A source of bytes as a table, of columns index, label and features. */
public final class SourceTable {
  /** The column of features. */
  public static final String FEATURES = "features";

  /** So that a task holds no more than a few megabytes at a time. */
  private static final int TASK_BYTES = 8 << 20;

  private SourceTable() {}

  /** Its rows in order; one task reads what can only be read from the beginning. */
  public static Dataset<Row> of(SparkSession spark, ExampleSource source) {
    long bytes = source.examples() * source.format().bytes();
    int tasks = source.access() == Access.SEQUENTIAL ? 1 : (int) Math.max(1, bytes / TASK_BYTES);
    JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
    List<Integer> ids = IntStream.range(0, tasks).boxed().toList();
    return spark.createDataFrame(
        context.parallelize(ids, tasks).mapPartitions(new Reading(source, tasks)),
        new StructType()
            .add("index", DataTypes.LongType, false)
            .add("label", DataTypes.IntegerType, false)
            .add(FEATURES, DataTypes.BinaryType, false));
  }

  /** Reads a range of examples. */
  private record Reading(ExampleSource source, int tasks)
      implements FlatMapFunction<Iterator<Integer>, Row> {
    @Override
    public Iterator<Row> call(Iterator<Integer> ids) throws IOException {
      int id = ids.next();
      long from = source.examples() * id / tasks;
      long to = source.examples() * (id + 1) / tasks;
      List<Row> rows = new ArrayList<>();
      source.read(
          index -> index >= from && index < to,
          (index, pixels, offset, label) -> {
            byte[] features = new byte[source.features()];
            pixels.get(offset, features, 0, features.length);
            rows.add(RowFactory.create(index, label, features));
          });
      return rows.iterator();
    }
  }
}
