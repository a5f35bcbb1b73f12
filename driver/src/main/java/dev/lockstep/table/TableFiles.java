package dev.lockstep.table;

import dev.lockstep.data.Split;
import dev.lockstep.source.DataSets;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Tables in files.
 *
 * @param format what they are
 * @param train the file, or directory of files, to train on
 * @param test likewise, to test on; empty for nothing
 */
public record TableFiles(TableFormat format, Location train, Optional<Location> test) {
  /** A table in Spark's own form is a directory of these, and of files that begin otherwise. */
  private static final String PART = "part-";

  private static final String FILE = "__lockstep_file";
  private static final String BLOCK = "__lockstep_block";
  private static final String PLACE = "__lockstep_place";

  /**
   * The tables that a URI names: a file or directory with an ending of tables, a directory of such
   * files as Spark writes them, or one with a {@code train} and perhaps a {@code test} of such a
   * name. Empty if it names something else.
   */
  public static Optional<TableFiles> find(String uri) throws IOException {
    if (uri.startsWith("synthetic:")) {
      return Optional.empty();
    }
    Location place = new Location(uri);
    String name = uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri;
    Optional<TableFormat> byName = TableFormat.of(name);
    if (byName.isPresent()) {
      return Optional.of(new TableFiles(byName.get(), place, Optional.empty()));
    }
    Storage storage = Storage.at(place);
    return storage.isDirectory("") ? inDirectory(place, storage.list("")) : Optional.empty();
  }

  private static Optional<TableFiles> inDirectory(Location directory, List<String> names) {
    for (TableFormat format : TableFormat.values()) {
      Optional<Location> train = named("train", format, directory, names);
      if (train.isPresent()) {
        Optional<Location> test = named("test", format, directory, names);
        return Optional.of(new TableFiles(format, train.get(), test));
      }
    }
    return names.stream()
        .filter(name -> name.startsWith(PART))
        .map(TableFormat::of)
        .flatMap(Optional::stream)
        .findFirst()
        .map(format -> new TableFiles(format, directory, Optional.empty()));
  }

  private static Optional<Location> named(
      String base, TableFormat format, Location directory, List<String> names) {
    return format.endings().stream()
        .map(ending -> base + ending)
        .filter(names::contains)
        .findFirst()
        .map(directory::resolve);
  }

  /** What a half of the data is in; empty if there is no such half. */
  public Optional<Location> of(Split split) {
    return split == Split.TRAIN ? Optional.of(train) : test;
  }

  /**
   * Opens a table.
   *
   * @param isOrdered whether its rows are to be in the order of the files by name and of the lines
   *     in them, whatever parts of them Spark reads at the same time
   */
  public Dataset<Row> open(SparkSession spark, Location table, boolean isOrdered) {
    Dataset<Row> rows = format.read(spark, table.toHadoop());
    if (!isOrdered) {
      return rows;
    }
    return rows.withColumn(FILE, functions.col("_metadata.file_path"))
        .withColumn(BLOCK, functions.col("_metadata.file_block_start"))
        .withColumn(PLACE, functions.monotonically_increasing_id())
        .orderBy(FILE, BLOCK, PLACE)
        .drop(FILE, BLOCK, PLACE);
  }

  /** Identity of the files, wherever they are. */
  public String fingerprint() throws IOException {
    List<String> prints = new ArrayList<>();
    prints.add(fingerprint(train));
    if (test.isPresent()) {
      prints.add(fingerprint(test.get()));
    }
    return String.join(", ", prints);
  }

  private static String fingerprint(Location table) throws IOException {
    Storage storage = Storage.at(table);
    if (!storage.isDirectory("")) {
      return DataSets.fingerprint(storage, List.of(""));
    }
    List<String> files =
        storage.list("").stream()
            .filter(name -> !name.startsWith("_") && !name.startsWith("."))
            .sorted()
            .toList();
    return DataSets.fingerprint(storage, files);
  }
}
