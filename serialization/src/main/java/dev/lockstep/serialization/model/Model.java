package dev.lockstep.serialization.model;

import static dev.lockstep.serialization.FormatException.shown;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.data.ExampleFormat.Element;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.layer.Normalize;
import dev.lockstep.loss.Loss;
import dev.lockstep.loss.Losses;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.Predictor;
import dev.lockstep.serialization.FormatException;
import dev.lockstep.serialization.Sha256;
import dev.lockstep.serialization.tensor.SafetensorsFile;
import dev.lockstep.serialization.tensor.SafetensorsReader;
import dev.lockstep.serialization.tensor.SafetensorsWriter;
import dev.lockstep.serialization.tensor.Tensor;
import dev.lockstep.setting.Setting;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A trained network: a description and its parameters.
 *
 * @param inputs I
 * @param element what each input is: a byte, of which a 255th counts, or a float
 * @param layers entries of the network, as configured
 * @param loss what it was trained with
 * @param normalize what inputs go through before the first layer; empty for nothing
 * @param parameters in panel order
 */
public record Model(
    int inputs,
    Element element,
    List<String> layers,
    Loss loss,
    Optional<Normalize> normalize,
    float[] parameters)
    implements Serializable {
  private Object writeReplace() {
    return new Packed(inputs, element, layers, loss, normalize.orElse(null), parameters);
  }

  /** A model for Java's serialisation, which knows no Optional. */
  private record Packed(
      int inputs,
      Element element,
      List<String> layers,
      Loss loss,
      Normalize normalize,
      float[] parameters)
      implements Serializable {
    private Object readResolve() {
      return new Model(inputs, element, layers, loss, Optional.ofNullable(normalize), parameters);
    }
  }

  /** The files of a model directory. */
  public static final String TENSORS = "model.safetensors";

  public static final String DESCRIPTION = "model.json";

  private static final String FORMAT = "lockstep-model";
  private static final JsonNode VERSION = IntNode.valueOf(2);
  private static final Map<Element, String> INPUT_SCALE =
      Map.of(Element.BYTE, "uint8 / 255", Element.FLOAT, "float");
  private static final String NORMALIZED = "(%s - input.offset) * input.scale";
  private static final String OFFSET = "input.offset";
  private static final String SCALE = "input.scale";
  private static final List<String> KEYS =
      List.of(
          "format",
          "version",
          "inputs",
          "input_scale",
          "input_sha256",
          "layers",
          "loss",
          "parameters",
          "sha256");
  private static final String LOSS_NAME = "name";
  private static final Map<String, String> METADATA = Map.of("format", FORMAT);

  private static final int MAX_DESCRIPTION = 1 << 20;
  private static final int MAX_INPUTS = 1 << 26;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();
  private static final ObjectWriter WRITER =
      JSON.writer(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));

  public Model {
    layers = List.copyOf(layers);
  }

  /** A model whose inputs are bytes over 255. */
  public Model(int inputs, List<String> layers, Loss loss, float[] parameters) {
    this(inputs, Element.BYTE, layers, loss, Optional.empty(), parameters);
  }

  /** The network, made anew, with what inputs go through first. */
  public Network network() {
    Network network = NetworkParser.parse(inputs, layers);
    return normalize.map(network::after).orElse(network);
  }

  /** What says what the network makes of inputs, with the fastest kernels of this machine. */
  public Predictor predictor() {
    return new Predictor(network(), parameters, KernelChoice.of("auto").kernels());
  }

  /** SHA-256 of the parameters, as {@code model_sha256} has it. */
  public String sha256() {
    return ParameterTensors.sha256(network().layout(), parameters);
  }

  /** Writes {@value #TENSORS}. */
  public void writeTensors(OutputStream out) throws IOException {
    List<Tensor> tensors = new ArrayList<>();
    normalize.ifPresent(
        n -> {
          tensors.add(new Tensor(OFFSET, List.of(inputs), n.offset()));
          tensors.add(new Tensor(SCALE, List.of(inputs), n.scale()));
        });
    tensors.addAll(ParameterTensors.of(network().layout(), parameters, ""));
    SafetensorsWriter.write(out, METADATA, tensors);
  }

  /** Writes {@value #DESCRIPTION}. */
  public void writeDescription(OutputStream out) throws IOException {
    ObjectNode json = JSON.createObjectNode();
    json.put("format", FORMAT);
    json.set("version", VERSION);
    json.put("inputs", inputs);
    json.put("input_scale", inputScale(element, normalize.isPresent()));
    normalize.ifPresent(n -> json.put("input_sha256", sha256(n)));
    layers.forEach(json.putArray("layers")::add);
    json.set("loss", toJson(loss));
    json.put("parameters", network().layout().parameters());
    json.put("sha256", sha256());
    out.write(WRITER.writeValueAsBytes(json));
  }

  private static String inputScale(Element element, boolean isNormalized) {
    String scaled = INPUT_SCALE.get(element);
    return isNormalized ? NORMALIZED.formatted(scaled) : scaled;
  }

  private static String sha256(Normalize normalize) {
    return new Sha256()
        .update(normalize.offset(), 0, normalize.inputs())
        .update(normalize.scale(), 0, normalize.inputs())
        .hex();
  }

  /** Its name and all of its settings, so that no later default changes them. */
  private static ObjectNode toJson(Loss loss) {
    ObjectNode json = JSON.createObjectNode();
    json.put(LOSS_NAME, loss.name());
    for (Setting<?> setting : Losses.KINDS.get(loss.name()).settings()) {
      json.set(setting.name(), JSON.valueToTree(loss.settings().get(setting.name())));
    }
    return json;
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
    check(VERSION.equals(json.path("version")), where, "version", VERSION + ", the only one known");
    for (Iterator<String> keys = json.fieldNames(); keys.hasNext(); ) {
      String key = keys.next();
      if (!KEYS.contains(key)) {
        throw new FormatException(
            "%s: \"%s\" is unknown; want %s".formatted(where, shown(key), KEYS));
      }
    }
    int inputs = json.path("inputs").isInt() ? json.path("inputs").intValue() : 0;
    check(inputs >= 1 && inputs <= MAX_INPUTS, where, "inputs", "1 to " + MAX_INPUTS);
    String inputScale = json.path("input_scale").asText();
    Element element =
        inputScale.contains(INPUT_SCALE.get(Element.FLOAT)) ? Element.FLOAT : Element.BYTE;
    boolean isNormalized = inputScale.equals(inputScale(element, true));
    check(
        isNormalized || inputScale.equals(inputScale(element, false)),
        where,
        "input_scale",
        Stream.of(Element.values())
            .flatMap(e -> Stream.of(inputScale(e, false), inputScale(e, true)))
            .collect(Collectors.joining(" or ")));
    check(json.path("layers").isArray(), where, "layers", "a list");
    List<String> layers = new ArrayList<>();
    for (JsonNode layer : json.path("layers")) {
      check(layer.isTextual(), where, "layers", "a list of strings");
      layers.add(layer.textValue());
    }
    Network network = network(inputs, layers, where);
    Loss loss = loss(json.path("loss"), network.outputs(), where);
    ParameterLayout layout = network.layout();
    JsonNode count = json.path("parameters");
    boolean isCount = count.isIntegralNumber() && count.canConvertToLong();
    check(
        isCount && count.longValue() == layout.parameters(),
        where,
        "parameters",
        layout.parameters());
    SafetensorsFile file = file(tensors, length, name);
    Optional<Normalize> normalize =
        isNormalized ? Optional.of(normalize(file, inputs, name)) : Optional.empty();
    String inputSha256 = normalize.map(Model::sha256).orElse(null);
    check(
        Objects.equals(inputSha256, json.path("input_sha256").textValue()),
        where,
        "input_sha256",
        inputSha256);
    float[] parameters = parameters(layout, file, isNormalized, name);
    Model model = new Model(inputs, element, layers, loss, normalize, parameters);
    check(model.sha256().equals(json.path("sha256").textValue()), where, "sha256", model.sha256());
    return model;
  }

  private static SafetensorsFile file(InputStream in, long length, String name) throws IOException {
    String where = name + "/" + TENSORS;
    SafetensorsFile file = SafetensorsReader.read(in, length, where);
    if (!file.metadata().equals(METADATA)) {
      throw new FormatException(
          "%s: the metadata is %s; want %s"
              .formatted(where, shown(file.metadata().toString()), METADATA));
    }
    return file;
  }

  private static Normalize normalize(SafetensorsFile file, int inputs, String name) {
    return new Normalize(input(file, OFFSET, inputs, name), input(file, SCALE, inputs, name));
  }

  private static float[] input(SafetensorsFile file, String tensor, int inputs, String name) {
    return file.tensors().stream()
        .filter(t -> t.name().equals(tensor) && t.shape().equals(List.of(inputs)))
        .findFirst()
        .orElseThrow(
            () ->
                new FormatException(
                    "%s/%s has no tensor %s of shape [%d]"
                        .formatted(name, TENSORS, tensor, inputs)))
        .values();
  }

  private static float[] parameters(
      ParameterLayout layout, SafetensorsFile file, boolean isNormalized, String name) {
    List<Tensor> learned =
        file.tensors().stream()
            .filter(t -> !isNormalized || !List.of(OFFSET, SCALE).contains(t.name()))
            .toList();
    return ParameterTensors.toVector(
        layout, new SafetensorsFile(file.metadata(), learned), "", name + "/" + TENSORS);
  }

  private static Loss loss(JsonNode json, int outputs, String where) {
    check(json.isObject(), where, "loss", "an object");
    String name = json.path(LOSS_NAME).asText();
    check(Losses.names().contains(name), where, "loss.name", "one of " + Losses.names());
    Map<String, String> given = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> field : json.properties()) {
      JsonNode value = field.getValue();
      // A list is [1, 2.5] in a configuration too.
      given.put(field.getKey(), value.isContainerNode() ? value.toString() : value.asText());
    }
    given.remove(LOSS_NAME);
    try {
      Loss loss = Losses.of(name, given);
      loss.checkOutputs(outputs);
      check(json.equals(toJson(loss)), where, "loss", toJson(loss));
      return loss;
    } catch (IllegalArgumentException e) {
      throw new FormatException("%s: loss: %s".formatted(where, shown(e.getMessage())), e);
    }
  }

  private static Network network(int inputs, List<String> layers, String where) {
    try {
      return NetworkParser.parse(inputs, layers);
    } catch (IllegalArgumentException e) {
      String first = e.getMessage().lines().findFirst().orElseThrow();
      throw new FormatException("%s: %s".formatted(where, shown(first)), e);
    }
  }

  private static JsonNode parse(InputStream in, String where) throws IOException {
    byte[] bytes = in.readNBytes(MAX_DESCRIPTION + 1);
    if (bytes.length > MAX_DESCRIPTION) {
      throw new FormatException("%s: more than %d bytes".formatted(where, MAX_DESCRIPTION));
    }
    try {
      // As a string: Jackson would take UTF-16 and UTF-32 too.
      JsonNode json = JSON.readTree(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
      if (!json.isObject()) {
        throw new FormatException(where + ": want a JSON object");
      }
      return json;
    } catch (CharacterCodingException e) {
      throw new FormatException(where + ": not valid UTF-8", e);
    } catch (JsonProcessingException e) {
      throw new FormatException("%s: %s".formatted(where, shown(e.getOriginalMessage())), e);
    }
  }

  private static void check(boolean holds, String where, String key, Object wanted) {
    if (!holds) {
      throw new FormatException("%s: \"%s\" is not %s".formatted(where, key, wanted));
    }
  }
}
