package dev.lockstep.table;

import dev.lockstep.config.ConfigException;
import dev.lockstep.data.Split;
import dev.lockstep.source.DataSets;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tables in files. Nothing here needs Spark's SQL, which runs over other data do without.
 *
 * @param format what they are
 * @param train the file, or directory of files, to train on
 * @param test likewise, to test on; empty for nothing
 */
public record TableFiles(TableFormat format, Location train, Optional<Location> test) {
  /** A table in Spark's own form is a directory of these, and of files that begin otherwise. */
  private static final String PART = "part-";

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

  /**
   * What a half of the data is in.
   *
   * @param uri what names the tables, for messages
   * @throws ConfigException if there is no such half
   */
  public Location in(Split split, String uri) {
    return split == Split.TRAIN
        ? train
        : test.orElseThrow(
            () ->
                new ConfigException(
                    "%s has no table to test on; use --split train".formatted(uri)));
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
