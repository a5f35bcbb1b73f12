package dev.lockstep.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a run determines, out of its directory.
 *
 * @param modelSha256 of the final parameters
 * @param metrics the lines of metrics.jsonl without their timing
 */
public record RunFiles(String modelSha256, List<JsonNode> metrics) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  public static RunFiles of(Path run) throws IOException {
    return of(Storage.at(new Location(run.toString())));
  }

  /** Out of a directory on any file system. */
  public static RunFiles of(Storage run) throws IOException {
    List<JsonNode> metrics = new ArrayList<>();
    for (String line : new String(run.read("metrics.jsonl"), UTF_8).lines().toList()) {
      ObjectNode step = (ObjectNode) MAPPER.readTree(line);
      step.remove("timing");
      metrics.add(step);
    }
    JsonNode summary = MAPPER.readTree(run.read("summary.json"));
    return new RunFiles(summary.path("model_sha256").asText(), metrics);
  }

  /** Whether a run has a whole checkpoint of a step. */
  static boolean hasCheckpoint(Path run, long step) throws IOException {
    Path checkpoints = run.resolve("checkpoints");
    if (!Files.isDirectory(checkpoints)) {
      return false;
    }
    String manifest = "step-%09d-.*\\.json".formatted(step);
    try (Stream<Path> files = Files.list(checkpoints)) {
      return files.anyMatch(file -> file.getFileName().toString().matches(manifest));
    }
  }
}
