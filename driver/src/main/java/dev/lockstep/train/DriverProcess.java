package dev.lockstep.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.UUID;

/**
 * The process that trains a run, as {@code summary.json} names it.
 *
 * @param json {@code id}, a random one; {@code host} and {@code pid}; {@code began}, the moment of
 *     its start
 */
public record DriverProcess(JsonNode json) {
  public static final String KEY = "driver";

  /** This process, for one run. */
  public static DriverProcess current() {
    ProcessHandle process = ProcessHandle.current();
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("id", UUID.randomUUID().toString());
    json.put("host", host());
    json.put("pid", process.pid());
    json.put("began", began(process));
    return new DriverProcess(json);
  }

  /** Whether a summary names this one. */
  boolean is(JsonNode other) {
    return json.path("id").equals(other.path("id"));
  }

  private static String host() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  private static String began(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("");
  }

  /** Whether the process is of this host and has ended. */
  public static boolean hasEnded(JsonNode json) {
    return json.path("host").asText().equals(host())
        && ProcessHandle.of(json.path("pid").asLong())
            .filter(process -> began(process).equals(json.path("began").asText()))
            .isEmpty();
  }

  public static String describe(JsonNode json) {
    return json.isMissingNode()
        ? "another driver, which has ended it"
        : "process %s on %s".formatted(json.path("pid").asText(), json.path("host").asText());
  }
}
