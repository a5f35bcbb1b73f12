package dev.lockstep.source;

import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Split;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A directory with files of one kind, each plain or as {@code .gz}. Of several forms of one file
 * the first counts, and a plain one before its {@code .gz}.
 *
 * @param location the directory
 * @param kind what its files are
 * @param names all that it holds
 */
record DataDirectory(Location location, DataKind kind, List<String> names) {
  /**
   * Lists a directory and tells the kind by what it holds.
   *
   * @throws DataException if it is not there, no directory, or of no one kind
   */
  static DataDirectory at(Location location) throws IOException {
    Storage storage = Storage.at(location);
    if (!storage.isDirectory("")) {
      String problem = storage.exists("") ? "is no directory" : "does not exist";
      throw new DataException(
          "%s %s; want a directory with %s, or synthetic:digits"
              .formatted(location, problem, kinds()));
    }
    List<String> names = storage.list("");
    List<DataDirectory> found =
        Stream.of(DataKind.values())
            .map(kind -> new DataDirectory(location, kind, names))
            .filter(directory -> !directory.files().isEmpty())
            .toList();
    if (found.size() != 1) {
      String problem =
          found.isEmpty()
              ? "has "
                  + Stream.of(DataKind.values())
                      .map(kind -> "no " + kind.files(Split.TRAIN).get(0))
                      .collect(Collectors.joining(" and "))
                  + ", plain or as .gz"
              : "has both "
                  + found.stream()
                      .map(directory -> directory.files().get(0))
                      .collect(Collectors.joining(" and "));
      throw new DataException(
          "%s %s; want %s under their own names".formatted(location, problem, kinds()));
    }
    return found.get(0);
  }

  private static String kinds() {
    return Stream.of(DataKind.values()).map(DataKind::toString).collect(Collectors.joining(" or "));
  }

  /** Those of the kind's files that are there, in a fixed order. */
  List<String> files() {
    return Stream.of(Split.values()).flatMap(this::found).toList();
  }

  private Stream<String> found(Split split) {
    return kind.files(split).stream().map(this::find).flatMap(Optional::stream);
  }

  private Optional<String> find(String file) {
    return Stream.of("", ".gz")
        .flatMap(ending -> kind.forms(file).stream().map(form -> form + ending))
        .filter(names::contains)
        .findFirst();
  }

  /**
   * The examples of one half.
   *
   * @throws DataException naming what is missing
   */
  ExampleSource open(Split split) throws IOException {
    List<String> missing = kind.files(split).stream().filter(file -> find(file).isEmpty()).toList();
    if (!missing.isEmpty()) {
      throw new DataException(
          "%s has no %s, plain or as .gz; want %s under their own names"
              .formatted(location, String.join(" and no ", missing), kind));
    }
    return kind.open(
        location.text(),
        found(split)
            .map(file -> new StorageByteSource(location.absolute().resolve(file)))
            .toList());
  }
}
