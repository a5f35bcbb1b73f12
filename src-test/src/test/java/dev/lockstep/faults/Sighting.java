package dev.lockstep.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * A fault that was seen, and what came of it: a line of {@code faults.jsonl}.
 *
 * @param plan which one
 * @param moment when it came, for people
 * @param outcome what came of it
 * @param sentence what the run ended with, where it did
 * @param recovery seconds from the fault to progress; empty where there is no such moment
 * @param seconds of the whole trial
 */
record Sighting(
    FaultPlan plan,
    String moment,
    Outcome outcome,
    String sentence,
    OptionalDouble recovery,
    double seconds) {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** How a trial may end. */
  enum Outcome {
    /** The run went on by itself to the same bits. */
    WENT_ON,
    /** It ended with the right exit code and sentence; resumed, it came to the same bits. */
    RESUMED,
    /** Something else; the suite fails. */
    HARMED
  }

  /** Appends it to a file. */
  void append(Path file) throws IOException {
    ObjectNode json = MAPPER.createObjectNode();
    json.put("seed", plan.seed()).put("index", plan.index());
    json.put("kind", plan.kind().name()).put("engine", plan.engine());
    json.put("moment", moment).put("outcome", outcome.name());
    if (!sentence.isEmpty()) {
      json.put("sentence", sentence);
    }
    recovery.ifPresent(s -> json.put("recovery_seconds", rounded(s)));
    json.put("seconds", rounded(seconds));
    Files.createDirectories(file.getParent());
    Files.writeString(
        file,
        MAPPER.writeValueAsString(json) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  private static double rounded(double seconds) {
    return Math.rint(seconds * 10) / 10;
  }

  /** Those of a file, in its order; none if it is not there. */
  static List<Sighting> read(Path file) throws IOException {
    List<Sighting> sightings = new ArrayList<>();
    if (Files.exists(file)) {
      for (String line : Files.readAllLines(file)) {
        sightings.add(of(MAPPER.readTree(line)));
      }
    }
    return sightings;
  }

  private static Sighting of(JsonNode json) {
    FaultPlan plan =
        FaultPlan.of(
            json.path("seed").asLong(),
            json.path("index").asInt(),
            FaultKind.valueOf(json.path("kind").asText()),
            json.path("engine").asText());
    JsonNode recovery = json.path("recovery_seconds");
    return new Sighting(
        plan,
        json.path("moment").asText(),
        Outcome.valueOf(json.path("outcome").asText()),
        json.path("sentence").asText(),
        recovery.isNumber() ? OptionalDouble.of(recovery.asDouble()) : OptionalDouble.empty(),
        json.path("seconds").asDouble());
  }
}
