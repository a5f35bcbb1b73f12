package dev.lockstep.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a run determines, out of its directory.
 *
 * @param modelSha256 of the final parameters
 * @param metrics the lines of metrics.jsonl without their timing
 */
record RunFiles(String modelSha256, List<JsonNode> metrics) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  static RunFiles of(Path run) throws IOException {
    List<JsonNode> metrics = new ArrayList<>();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      ObjectNode step = (ObjectNode) MAPPER.readTree(line);
      step.remove("timing");
      metrics.add(step);
    }
    JsonNode summary = MAPPER.readTree(Files.readString(run.resolve("summary.json")));
    return new RunFiles(summary.path("model_sha256").asText(), metrics);
  }
}
