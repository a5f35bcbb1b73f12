package dev.lockstep.table;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The kinds of files that tables come in, told by the endings of their names. */
enum TableFormat {
  /** With the types of columns. */
  PARQUET(".parquet"),
  /** With names of columns in the first line, and types that are found by reading all. */
  CSV(".csv", ".csv.gz", ".csv.bz2"),
  /** A label and numbered features a line; columns label and features. */
  LIBSVM(".libsvm", ".libsvm.gz", ".svm");

  private final String ending;
  private final String others;

  /**
   * @param others endings besides, one after the other
   */
  TableFormat(String ending, String... others) {
    this.ending = ending;
    this.others = String.join(" ", others);
  }

  /** That of a file; empty if its name has another ending. */
  static Optional<TableFormat> of(String name) {
    return Arrays.stream(values())
        .filter(format -> format.endings().stream().anyMatch(name::endsWith))
        .findFirst();
  }

  /** Endings of names, the usual one first. */
  List<String> endings() {
    return Stream.concat(Stream.of(ending), Stream.of(others.split(" ")))
        .filter(text -> !text.isEmpty())
        .toList();
  }
}
