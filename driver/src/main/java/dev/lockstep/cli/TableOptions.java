package dev.lockstep.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Which columns of a table are read, where they are others than the configuration's. */
final class TableOptions {
  @Option(
      names = "--features",
      paramLabel = "COLUMN,...",
      split = ",",
      description =
          "Columns of a table, in place of data.features: one of vectors, or one a feature.")
  private List<String> features = new ArrayList<>();

  @Option(
      names = "--label",
      paramLabel = "COLUMN",
      description = "The column of a table that is to be told, in place of data.label.")
  private String label;

  /**
   * As settings.
   *
   * @param data where the data is; null for the configuration's
   */
  List<String> over(String data) {
    List<String> overrides = new ArrayList<>();
    if (data != null) {
      overrides.add("data.uri=" + quote(data));
    }
    if (!features.isEmpty()) {
      overrides.add(
          features.stream()
              .map(TableOptions::quote)
              .collect(Collectors.joining(", ", "data.features=[", "]")));
    }
    if (label != null) {
      overrides.add("data.label=" + quote(label));
    }
    return overrides;
  }

  /** As a HOCON string: a URI may hold characters that mean something there. */
  private static String quote(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
