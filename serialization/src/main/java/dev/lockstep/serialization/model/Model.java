package dev.lockstep.serialization.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.serialization.FormatException;
import dev.lockstep.serialization.tensor.SafetensorsFile;
import dev.lockstep.serialization.tensor.SafetensorsReader;
import dev.lockstep.serialization.tensor.SafetensorsWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A trained network: a description and its parameters.
 *
 * @param inputs I
 * @param layers entries of the network, as configured
 * @param loss name of the loss that it was trained with
 * @param parameters in panel order
 */
public record Model(int inputs, List<String> layers, String loss, float[] parameters) {
  /** The files of a model directory. */
  public static final String TENSORS = "model.safetensors";

  public static final String DESCRIPTION = "model.json";

  private static final String FORMAT = "lockstep-model";
  private static final int VERSION = 1;
  private static final int MAX_DESCRIPTION = 1 << 20;
  private static final int MAX_INPUTS = 1 << 26;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(SerializationFeature.INDENT_OUTPUT)
          .build();

  public Model {
    layers = List.copyOf(layers);
  }

  /** The network, made anew. */
  public Network network() {
    return NetworkParser.parse(inputs, layers);
  }

  /** SHA-256 of the parameters, as {@code model_sha256} has it. */
  public String sha256() {
    return ParameterTensors.sha256(network().layout(), parameters);
  }

  /** Writes {@value #TENSORS}. */
  public void writeTensors(OutputStream out) throws IOException {
    SafetensorsWriter.write(
        out, Map.of("format", FORMAT), ParameterTensors.of(network().layout(), parameters, ""));
  }

  /** Writes {@value #DESCRIPTION}. */
  public void writeDescription(OutputStream out) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT);
    json.put("version", VERSION);
    json.put("inputs", inputs);
    json.put("input_scale", "uint8 / 255");
    layers.forEach(json.putArray("layers")::add);
    json.put("loss", loss);
    json.put("parameters", network().layout().parameters());
    json.put("sha256", sha256());
    out.write(JSON.writeValueAsBytes(json));
  }

  /**
   * Reads a model directory of this machine.
   *
   * @throws FormatException if it is not what it should be
   */
  public static Model read(Path directory) throws IOException {
    Path tensors = directory.resolve(TENSORS);
    try (InputStream description = Files.newInputStream(directory.resolve(DESCRIPTION));
        InputStream values = Files.newInputStream(tensors)) {
      return read(description, values, Files.size(tensors), directory.toString());
    }
  }

  /**
   * Reads a model.
   *
   * @param description what {@value #DESCRIPTION} holds
   * @param tensors what {@value #TENSORS} holds
   * @param length bytes of {@value #TENSORS}
   * @param name where they come from, for messages
   * @throws FormatException if they are not what they should be
   */
  public static Model read(InputStream description, InputStream tensors, long length, String name)
      throws IOException {
    String where = name + "/" + DESCRIPTION;
    JsonNode json = parse(description, where);
    check(FORMAT.equals(json.path("format").textValue()), where, "format", FORMAT);
    check(json.path("version").asInt(-1) == VERSION, where, "version", VERSION);
    int inputs = json.path("inputs").isInt() ? json.path("inputs").intValue() : 0;
    check(inputs >= 1 && inputs <= MAX_INPUTS, where, "inputs", "1 to " + MAX_INPUTS);
    check(json.path("layers").isArray(), where, "layers", "a list");
    check(json.path("loss").isTextual(), where, "loss", "a name");
    List<String> layers = new ArrayList<>();
    for (JsonNode layer : json.path("layers")) {
      check(layer.isTextual(), where, "layers", "a list of strings");
      layers.add(layer.textValue());
    }
    Network network = network(inputs, layers, where);
    SafetensorsFile file = SafetensorsReader.read(tensors, length, name + "/" + TENSORS);
    Model model =
        new Model(
            inputs,
            layers,
            json.path("loss").textValue(),
            ParameterTensors.toVector(network.layout(), file, "", name + "/" + TENSORS));
    check(model.sha256().equals(json.path("sha256").textValue()), where, "sha256", model.sha256());
    return model;
  }

  private static Network network(int inputs, List<String> layers, String where) {
    try {
      return NetworkParser.parse(inputs, layers);
    } catch (IllegalArgumentException e) {
      throw new FormatException("%s: %s".formatted(where, e.getMessage()), e);
    }
  }

  private static JsonNode parse(InputStream in, String where) throws IOException {
    byte[] bytes = in.readNBytes(MAX_DESCRIPTION + 1);
    if (bytes.length > MAX_DESCRIPTION) {
      throw new FormatException("%s: more than %d bytes".formatted(where, MAX_DESCRIPTION));
    }
    try {
      JsonNode json = JSON.readTree(bytes);
      if (!json.isObject()) {
        throw new FormatException(where + ": want a JSON object");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw new FormatException("%s: %s".formatted(where, e.getOriginalMessage()), e);
    }
  }

  private static void check(boolean holds, String where, String key, Object wanted) {
    if (!holds) {
      throw new FormatException("%s: \"%s\" is not %s".formatted(where, key, wanted));
    }
  }
}
