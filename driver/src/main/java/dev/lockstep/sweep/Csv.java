package dev.lockstep.sweep;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.train.Json;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Outcomes as CSV (RFC 4180), a row each; settings are columns by their keys. */
final class Csv {
  private Csv() {}

  static String of(List<Outcome> outcomes) {
    Set<String> columns = new LinkedHashSet<>();
    List<Map<String, String>> rows = outcomes.stream().map(Csv::row).toList();
    rows.forEach(row -> columns.addAll(row.keySet()));
    StringBuilder text = new StringBuilder(line(columns.stream().toList()));
    for (Map<String, String> row : rows) {
      text.append(line(columns.stream().map(column -> row.getOrDefault(column, "")).toList()));
    }
    return text.toString();
  }

  private static Map<String, String> row(Outcome outcome) {
    Map<String, String> row = new LinkedHashMap<>();
    outcome
        .line()
        .properties()
        .forEach(
            each -> {
              if (each.getKey().equals("settings")) {
                each.getValue().properties().forEach(s -> row.put(s.getKey(), text(s.getValue())));
              } else {
                row.put(each.getKey(), text(each.getValue()));
              }
            });
    return row;
  }

  private static String text(JsonNode value) {
    try {
      return value.isTextual() ? value.asText() : Json.MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(List<String> fields) {
    return fields.stream().map(Csv::quoted).collect(Collectors.joining(",", "", "\n"));
  }

  private static String quoted(String field) {
    boolean isPlain = field.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return isPlain ? field : '"' + field.replace("\"", "\"\"") + '"';
  }
}
