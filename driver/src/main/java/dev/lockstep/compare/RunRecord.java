package dev.lockstep.compare;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.lockstep.config.ConfigException;
import dev.lockstep.config.RunConfig;
import dev.lockstep.train.RunDirectory;
import java.io.IOException;
import java.util.stream.Stream;

/**
 * What a run has left of itself.
 *
 * @param directory where it is
 * @param config what it was asked for
 * @param summary what it came to; empty where it says nothing
 */
public record RunRecord(RunDirectory directory, RunConfig config, JsonNode summary) {
  /**
   * Reads the record of a run.
   *
   * @throws ConfigException if there is no run at the location
   */
  public static RunRecord read(String location) throws IOException {
    RunDirectory directory = RunDirectory.at(location);
    if (!directory.exists()) {
      throw new ConfigException("%s holds no run".formatted(location));
    }
    JsonNode summary = directory.summary().orElse(JsonNodeFactory.instance.objectNode());
    return new RunRecord(directory, directory.config(), summary);
  }

  /** The location, as the user wrote it. */
  public String name() {
    return directory.location();
  }

  /** The lines of its steps in order; to be closed. */
  public Stream<JsonNode> steps() throws IOException {
    return directory.steps();
  }
}
