package dev.lockstep.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A finished trial of a sweep.
 *
 * @param line its line in {@code trials.jsonl}
 */
record SweepTrial(JsonNode line) {
  int number() {
    return line.path("trial").asInt();
  }

  /** The directory of its run, within that of the sweep. */
  String directory() {
    return "trials/%04d".formatted(number());
  }

  boolean isComplete() {
    return status().equals("COMPLETE");
  }

  boolean isInfeasible() {
    return status().equals("INFEASIBLE");
  }

  boolean isRepeat() {
    return line.path("stage").asText().equals("repeat");
  }

  String status() {
    return line.path("status").asText();
  }

  /** A figure of its line, if there is one. */
  OptionalDouble figure(String key) {
    JsonNode value = line.path(key);
    return value.isNumber() ? OptionalDouble.of(value.asDouble()) : OptionalDouble.empty();
  }

  /** What a key was set to, if that is a number. */
  OptionalDouble number(String key) {
    JsonNode value = line.path("settings").path(key);
    return value.isNumber() ? OptionalDouble.of(value.asDouble()) : OptionalDouble.empty();
  }

  /** What a key was set to, for people; {@code label} is the name of its cell. */
  String text(String key) {
    return key.equals("label")
        ? line.path("label").asText()
        : line.path("settings").path(key).asText();
  }

  /** Its settings but for some keys; its label in their place where it has one. */
  String settingsWithout(Collection<String> keys) {
    return without(keys, entry -> entry.getKey() + " = " + entry.getValue().asText());
  }

  /** The same without the names of the keys. */
  String valuesWithout(Collection<String> keys) {
    return without(keys, entry -> entry.getValue().asText());
  }

  private String without(
      Collection<String> keys, Function<Map.Entry<String, JsonNode>, String> text) {
    return line.has("label") && !keys.contains("label")
        ? line.path("label").asText()
        : line.path("settings").properties().stream()
            .filter(entry -> !keys.contains(entry.getKey()))
            .map(text)
            .collect(Collectors.joining(", "));
  }
}
