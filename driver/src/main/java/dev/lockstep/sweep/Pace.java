package dev.lockstep.sweep;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.train.RunDirectory;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * How fast a run was once it had warmed up.
 *
 * @param medians over its steps, of each figure of their {@code timing}: {@code
 *     samples_per_second}, and {@code compute_ms}, {@code exchange_ms} and {@code wait_ms} where
 *     they were told apart
 */
record Pace(Map<String, Double> medians) {
  static Pace of(RunDirectory run) throws IOException {
    Map<String, DoubleStream.Builder> figures = new LinkedHashMap<>();
    try (Stream<JsonNode> steps = run.steps()) {
      steps.forEach(
          step ->
              step.path("timing")
                  .properties()
                  .forEach(
                      figure ->
                          figures
                              .computeIfAbsent(figure.getKey(), key -> DoubleStream.builder())
                              .add(figure.getValue().asDouble())));
    }
    Map<String, Double> medians = new LinkedHashMap<>();
    figures.forEach((key, values) -> medians.put(key, Spread.of(values.build()).median()));
    return new Pace(medians);
  }
}
