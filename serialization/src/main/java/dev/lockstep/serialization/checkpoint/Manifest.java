package dev.lockstep.serialization.checkpoint;

import static dev.lockstep.serialization.FormatException.shown;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.serialization.FormatException;
import dev.lockstep.serialization.Sha256;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a checkpoint consists of. It is written after all its parts, and carries its own SHA-256, so
 * a generation is whole or can be told from one that is.
 *
 * <pre>
 * {"manifest": {"version": 1, "step": ..., "run": "...", "config": "...",
 *               "state": {"name": ..., "length": ..., "sha256": ...}, "metrics": [{...}, ...]},
 *  "sha256": "of the manifest's text, without blanks"}
 * </pre>
 *
 * @param step steps taken
 * @param run identity of what is trained: SHA-256 of all settings that affect the result, and of
 *     the data
 * @param config the resolved configuration
 * @param state the {@link CheckpointTensors}
 * @param metrics the lines of all steps so far, in order; each part begins where the one before it
 *     ends
 */
public record Manifest(long step, String run, String config, Part state, List<Part> metrics) {
  /** The most bytes of a manifest, far beyond what any run needs. */
  public static final int MAX_BYTES = 16 << 20;

  private static final int VERSION = 1;
  private static final Pattern NAME = Pattern.compile("step-(\\d{9,18})-[0-9a-f]{16}\\.json");

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(com.fasterxml.jackson.core.StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .build();

  static {
    JSON.getFactory()
        .setStreamReadConstraints(
            StreamReadConstraints.builder().maxNestingDepth(8).maxStringLength(MAX_BYTES).build());
  }

  public Manifest {
    metrics = List.copyOf(metrics);
  }

  /** The step in the name of a manifest; empty for the name of another file. */
  public static OptionalLong step(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }

  /** The name of its file, which no other manifest has. */
  public String name() {
    return "step-%09d-%s.json".formatted(step, Sha256.of(text()).substring(0, Part.DIGEST_IN_NAME));
  }

  /** Its file. */
  public byte[] toBytes() {
    byte[] text = text();
    return ("{\"manifest\":"
            + new String(text, StandardCharsets.UTF_8)
            + ",\"sha256\":\""
            + Sha256.of(text)
            + "\"}\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  private byte[] text() {
    ObjectNode json = JSON.createObjectNode();
    json.put("version", VERSION);
    json.put("step", step);
    json.put("run", run);
    json.put("config", config);
    put(json.putObject("state"), state);
    var parts = json.putArray("metrics");
    metrics.forEach(part -> put(parts.addObject(), part));
    return bytes(json);
  }

  private static void put(ObjectNode json, Part part) {
    json.put("name", part.name());
    json.put("length", part.length());
    json.put("sha256", part.sha256());
  }

  private static byte[] bytes(JsonNode json) {
    try {
      return JSON.writeValueAsBytes(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @param name the file, for messages
   * @throws FormatException if it is anything else
   */
  public static Manifest read(byte[] bytes, String name) {
    JsonNode json = parse(bytes, name);
    JsonNode body = json.path("manifest");
    if (!Sha256.of(bytes(body)).equals(json.path("sha256").asText())) {
      throw new FormatException(name + " does not have the SHA-256 that it declares");
    }
    if (body.path("version").asInt(-1) != VERSION) {
      throw new FormatException(
          "%s is of version %s; this Lockstep reads version %d"
              .formatted(name, shown(body.path("version").toString()), VERSION));
    }
    List<Part> metrics = new ArrayList<>();
    body.path("metrics").forEach(part -> metrics.add(part(part, name)));
    Manifest manifest =
        new Manifest(
            whole(body, "step", name),
            text(body, "run", name),
            text(body, "config", name),
            part(body.path("state"), name),
            metrics);
    if (!java.util.Arrays.equals(manifest.toBytes(), bytes)) {
      throw new FormatException(name + " has more in it than a manifest has");
    }
    return manifest;
  }

  private static JsonNode parse(byte[] bytes, String name) {
    try {
      return JSON.readTree(bytes);
    } catch (JsonProcessingException e) {
      throw new FormatException(name + " is not JSON: " + shown(e.getOriginalMessage()), e);
    } catch (IOException e) {
      throw new FormatException(name + " is not JSON: " + shown(e.getMessage()), e);
    }
  }

  private static Part part(JsonNode json, String name) {
    try {
      return new Part(
          text(json, "name", name), whole(json, "length", name), text(json, "sha256", name));
    } catch (FormatException e) {
      throw new FormatException("%s: %s".formatted(name, e.getMessage()), e);
    }
  }

  private static long whole(JsonNode json, String key, String name) {
    return Optional.of(json.path(key))
        .filter(value -> value.isIntegralNumber() && value.canConvertToLong())
        .map(JsonNode::longValue)
        .filter(value -> value >= 0)
        .orElseThrow(() -> wrong(json, key, name, "a whole number"));
  }

  private static String text(JsonNode json, String key, String name) {
    return Optional.of(json.path(key))
        .filter(JsonNode::isTextual)
        .map(JsonNode::textValue)
        .orElseThrow(() -> wrong(json, key, name, "a text"));
  }

  private static FormatException wrong(JsonNode json, String key, String name, String want) {
    return new FormatException(
        "%s: \"%s\" is %s; want %s".formatted(name, key, shown(json.path(key).toString()), want));
  }
}
