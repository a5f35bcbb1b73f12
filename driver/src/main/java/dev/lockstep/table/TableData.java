package dev.lockstep.table;

import dev.lockstep.config.ColumnsConfig;
import dev.lockstep.config.ConfigException;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.DataException;
import dev.lockstep.data.Part;
import dev.lockstep.engine.Training;
import dev.lockstep.loss.Loss;
import dev.lockstep.network.Network;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.spark.ExampleRows;
import dev.lockstep.storage.Location;
import dev.lockstep.train.RowData;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.NumericType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The tables that a configuration names, read and kept by Spark. */
public final class TableData {
  private static final String FEATURES = "features";
  private static final String FEATURES_KEY = "data.features";
  private static final String FILE = "__lockstep_file";
  private static final String BLOCK = "__lockstep_block";
  private static final String PLACE = "__lockstep_place";

  private TableData() {}

  /**
   * Reads the tables.
   *
   * @throws ConfigException if there are no such columns
   * @throws DataException for rows that cannot be examples
   */
  public static RowData open(RunConfig config, TableFiles files, JavaSparkContext context)
      throws IOException {
    SparkSession spark = session(context);
    Tables tables = new Tables();
    try {
      return open(config, files, spark, tables);
    } catch (IOException | RuntimeException e) {
      tables.close();
      throw e;
    }
  }

  private static RowData open(RunConfig config, TableFiles files, SparkSession spark, Tables tables)
      throws IOException {
    ColumnsConfig named = config.data().columns();
    String uri = config.data().uri();
    Dataset<Row> first = open(files, spark, files.train(), named);
    TableColumns columns = columns(config, first, uri);
    Table train = tables.add(Table.read(first, columns, uri));
    Optional<Table> test =
        files
            .test()
            .map(place -> Table.read(open(files, spark, place, named), columns, uri + " (test)"))
            .map(tables::add);
    ExampleRows rows = train.rows();
    Training training = config.toTraining(rows.examples(), rows.features());
    check(train, training, named.label());
    test.ifPresent(table -> check(table, training, named.label()));
    Optional<Part.Cut> cut = config.holdout(uri, rows.examples());
    return new RowData(
        cut.map(c -> rows.part(c.training())).orElse(rows),
        cut.map(c -> rows.part(c.validation())),
        test.map(Table::rows),
        files.fingerprint(),
        Optional.empty(),
        tables::close);
  }

  /**
   * Reads one table for a model that is there.
   *
   * @throws ConfigException if there are no such columns
   * @throws DataException for rows that cannot be examples of it
   */
  public static Table open(
      RunConfig config, TableFiles files, Location place, Model model, JavaSparkContext context) {
    ColumnsConfig named = config.data().columns();
    Dataset<Row> table = open(files, session(context), place, named);
    TableColumns columns = columns(table.schema(), named, isNumber(model.loss(), model.network()));
    Table rows = Table.read(table, columns, place.text());
    try {
      rows.check(model, named.label());
      return rows;
    } catch (DataException e) {
      rows.close();
      throw e;
    }
  }

  /** A session over a context that is there. */
  public static SparkSession session(JavaSparkContext spark) {
    return SparkSession.builder().sparkContext(spark.sc()).getOrCreate();
  }

  private static Dataset<Row> open(
      TableFiles files, SparkSession spark, Location place, ColumnsConfig named) {
    Dataset<Row> rows = rows(files, spark, place);
    return named.id().isEmpty() ? inOrder(rows) : rows;
  }

  /** The rows of a table, in whatever order Spark reads its files. */
  public static Dataset<Row> rows(TableFiles files, SparkSession spark, Location place) {
    DataFrameReader reader = spark.read().format(files.format().name().toLowerCase(Locale.ROOT));
    if (files.format() == TableFormat.CSV) {
      reader = reader.option("header", true).option("inferSchema", true);
    }
    return reader.load(place.toHadoop());
  }

  /** Rows in the order of the files by name and of the lines in them, however Spark packs them. */
  private static Dataset<Row> inOrder(Dataset<Row> rows) {
    return rows.withColumn(FILE, functions.col("_metadata.file_path"))
        .withColumn(BLOCK, functions.col("_metadata.file_block_start"))
        .withColumn(PLACE, functions.monotonically_increasing_id())
        .orderBy(FILE, BLOCK, PLACE)
        .drop(FILE, BLOCK, PLACE);
  }

  /** What is read of a table, by the settings and by what is there. */
  private static TableColumns columns(RunConfig config, Dataset<Row> table, String uri) {
    ColumnsConfig named = config.data().columns();
    Features features = features(table.schema(), named);
    Training training = config.toTraining(1, Table.size(table, features, uri));
    return columns(table.schema(), named, isNumber(training.loss(), training.network()));
  }

  private static TableColumns columns(StructType schema, ColumnsConfig named, boolean isNumber) {
    TableColumns.checkNumber(schema, named.label());
    given(named.weight()).ifPresent(name -> TableColumns.checkNumber(schema, name));
    given(named.id()).ifPresent(name -> TableColumns.checkOrder(schema, name));
    return new TableColumns(
        features(schema, named),
        named.label(),
        !isNumber,
        given(named.weight()),
        given(named.id()));
  }

  /** Whether a network says a number of an example, and not a class. */
  private static boolean isNumber(Loss loss, Network network) {
    return network.outputs() == 1 && loss.estimatesVectors(1);
  }

  private static Optional<String> given(String name) {
    return Optional.of(name).filter(text -> !text.isEmpty());
  }

  /**
   * Where features are.
   *
   * @throws ConfigException if there is no such column
   */
  public static Features features(StructType schema, ColumnsConfig named) {
    List<String> names = named.features();
    if (names.isEmpty() && List.of(schema.fieldNames()).contains(FEATURES)) {
      return Features.in(schema, FEATURES_KEY, FEATURES);
    }
    if (names.size() == 1 && !isNumber(schema, names.get(0))) {
      return Features.in(schema, FEATURES_KEY, names.get(0));
    }
    return Features.of(schema, FEATURES_KEY, names.isEmpty() ? numbers(schema, named) : names);
  }

  private static boolean isNumber(StructType schema, String name) {
    return Arrays.stream(schema.fields())
        .anyMatch(field -> field.name().equals(name) && field.dataType() instanceof NumericType);
  }

  private static List<String> numbers(StructType schema, ColumnsConfig named) {
    return Arrays.stream(schema.fields())
        .filter(field -> field.dataType() instanceof NumericType)
        .map(StructField::name)
        .filter(
            name -> Stream.of(named.label(), named.weight(), named.id()).noneMatch(name::equals))
        .toList();
  }

  private static void check(Table table, Training training, String label) {
    if (table.rows().features() != training.network().inputs()) {
      throw new DataException(
          "%s has %d features, but training examples have %d"
              .formatted(
                  table.rows().name(), table.rows().features(), training.network().inputs()));
    }
    table.checkClasses(label, training.classes());
  }
}
