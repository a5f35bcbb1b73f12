package dev.lockstep.serialization.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.data.ExampleFormat.Element;
import dev.lockstep.kernel.Panels;
import dev.lockstep.layer.Normalize;
import dev.lockstep.loss.Hinge;
import dev.lockstep.loss.Loss;
import dev.lockstep.loss.Losses;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.serialization.FormatException;
import dev.lockstep.serialization.tensor.SafetensorsWriter;
import dev.lockstep.serialization.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelTest {
  private static final String JSON = ModelFiles.NAME + "/model.json: ";
  private static final String TENSORS = ModelFiles.NAME + "/model.safetensors";

  private static final String LOSSES =
      "[hinge, huber, mean-squared-error, sigmoid-cross-entropy, softmax-cross-entropy]";
  private static final String LOSS =
      "\"loss\" is not {\"name\":\"softmax-cross-entropy\",\"label-smoothing\":0.0,\"class-weights\":[]}";

  private final Model model = ModelFiles.draw(1);
  private final ModelFiles files = ModelFiles.of(model);

  private static void assertSame(Model actual, Model expected) {
    assertThat(actual.inputs()).isEqualTo(expected.inputs());
    assertThat(actual.layers()).isEqualTo(expected.layers());
    assertThat(actual.loss()).isEqualTo(expected.loss());
    assertThat(bits(actual.parameters())).isEqualTo(bits(expected.parameters()));
  }

  private static int[] bits(float[] values) {
    int[] bits = new int[values.length];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = Float.floatToRawIntBits(values[i]);
    }
    return bits;
  }

  @Test
  void roundTrips() {
    assertSame(files.read(), model);
    assertThat(files.read().sha256()).isEqualTo(model.sha256());
  }

  @Test
  void roundTripsEveryLoss() {
    for (Loss loss :
        List.of(
            Losses.of("softmax-cross-entropy", Map.of("label-smoothing", "0.1")),
            Losses.of("sigmoid-cross-entropy", Map.of("class-weights", "[0, 0.3, 1e-20]")),
            Losses.of("mean-squared-error"),
            Losses.of("hinge", Map.of("margin", "0")),
            Losses.of("huber", Map.of("delta", "1e-7")))) {
      Model other = new Model(5, model.layers(), loss, model.parameters());
      assertSame(ModelFiles.of(other).read(), other);
    }
  }

  private Model normalized() {
    Normalize normalize =
        new Normalize(new float[] {0.1f, 0, 1, 0.5f, 0.25f}, new float[] {1, 2, 3, 4, 5});
    return new Model(
        5, Element.BYTE, model.layers(), model.loss(), Optional.of(normalize), model.parameters());
  }

  @Test
  void whatInputsGoThroughIsPartOfTheModel() {
    Model back = ModelFiles.of(normalized()).read();
    assertSame(back, normalized());
    assertThat(back.normalize()).isEqualTo(normalized().normalize());
    assertThat(back.network().layers().get(0)).isEqualTo(normalized().normalize().get());
    assertThat(back.sha256()).isEqualTo(model.sha256());
  }

  @Test
  void refusesInputsThatAreNotTheModels() {
    ModelFiles plain = files;
    ModelFiles whole = ModelFiles.of(normalized());
    assertThatThrownBy(() -> whole.withTensors(plain.tensors()).read())
        .isInstanceOf(FormatException.class)
        .hasMessage("runs/a/model/model.safetensors has no tensor input.offset of shape [5]");
    assertThatThrownBy(() -> plain.withTensors(whole.tensors()).read())
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("has a tensor input.offset, for which the network has no place");
    String digest = whole.text().replaceAll("(\"input_sha256\" : \")(.)", "$1g");
    assertThatThrownBy(() -> whole.withText(digest).read())
        .isInstanceOf(FormatException.class)
        .hasMessageContaining("\"input_sha256\" is not ");
  }

  @Test
  void roundTripsWhateverEntriesTheParserTakes() {
    Model blanks =
        new Model(5, List.of(" dense  33\trelu ", "dense 3"), model.loss(), model.parameters());
    assertSame(ModelFiles.of(blanks).read(), blanks);
  }

  @Test
  void roundTripsThroughADirectory(@TempDir Path directory) throws IOException {
    assertThatThrownBy(() -> Model.read(directory)).isInstanceOf(NoSuchFileException.class);
    Files.write(directory.resolve("model.json"), files.description());
    Files.write(directory.resolve("model.safetensors"), files.tensors());
    assertSame(Model.read(directory), model);
  }

  @Test
  void writesThisText() {
    Model tiny =
        new Model(
            1, List.of("dense 1"), new Hinge(1, List.of(0.5, 2.0)), new float[Panels.START + 64]);
    tiny.parameters()[Panels.START] = 1;
    tiny.parameters()[Panels.START + 32] = -2;
    assertThat(ModelFiles.of(tiny).text())
        .isEqualTo(
            """
            {
              "format" : "lockstep-model",
              "version" : 2,
              "inputs" : 1,
              "input_scale" : "uint8 / 255",
              "layers" : [ "dense 1" ],
              "loss" : {
                "name" : "hinge",
                "margin" : 1.0,
                "class-weights" : [ 0.5, 2.0 ]
              },
              "parameters" : 2,
              "sha256" : "SHA256"
            }"""
                .replace("SHA256", SHA256_OF_1_AND_MINUS_2));
  }

  /** What {@code printf '\0\0\200\077\0\0\0\300' | sha256sum} prints. */
  private static final String SHA256_OF_1_AND_MINUS_2 =
      "ee4ac73c2bd27756ab82780f27c73a7bc4d3f0bb6acb37e008bc27eccd7e588b";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"lockstep-model\" | \"onnx\" | \"format\" is not lockstep-model",
        "\"version\" : 2 | \"version\" : 1 | \"version\" is not 2, the only one known",
        "\"version\" : 2 | \"version\" : \"2\" | \"version\" is not 2, the only one known",
        "\"version\" : 2 | \"version\" : 2.5 | \"version\" is not 2, the only one known",
        "\"inputs\" : 5 | \"inputs\" : 0 | \"inputs\" is not 1 to 67108864",
        "\"inputs\" : 5 | \"inputs\" : -5 | \"inputs\" is not 1 to 67108864",
        "\"inputs\" : 5 | \"inputs\" : 67108865 | \"inputs\" is not 1 to 67108864",
        "\"inputs\" : 5 | \"inputs\" : 5.0 | \"inputs\" is not 1 to 67108864",
        "\"inputs\" : 5 | \"inputs\" : null | \"inputs\" is not 1 to 67108864",
        "\"inputs\" : 5 | \"inputs\" : 6 | \"parameters\" is not 333",
        "uint8 / 255 | uint8 | \"input_scale\" is not uint8 / 255 or (uint8 / 255 - input.offset) *"
            + " input.scale or float or (float - input.offset) * input.scale",
        "[ \"dense 33 relu\", \"dense 3\" ] | \"dense 3\" | \"layers\" is not a list",
        "\"dense 3\" ] | 3 ] | \"layers\" is not a list of strings",
        "\"dense 33 relu\", \"dense 3\" | ''"
            + " | layers = []: a network needs at least 1 layer, such as \"dense 10\"",
        "dense 33 relu | dense 0"
            + " | layers[0] = \"dense 0\": units = 0: want a whole number from 1 to 1048576 (want \"d...",
        "softmax-cross-entropy | hyperbole | \"loss.name\" is not one of " + LOSSES,
        "softmax-cross-entropy | huber | loss: label-smoothing = 0.0: huber has no label-smoothing;"
            + " it takes delta; class-weigh...",
        "\"label-smoothing\" : 0.0 | \"label-smoothing\" : 1.0 | loss: label-smoothing = 1.0: want"
            + " a number from 0, below 1",
        "\"label-smoothing\" : 0.0 | \"label-smoothing\" : \"0.0\" | " + LOSS,
        "\"label-smoothing\" : 0.0 | \"label-smoothing\" : 0 | " + LOSS,
        "\"label-smoothing\" : 0.0, | '' | " + LOSS,
        "[ ] | [ 1.0, \"2.0\", 1.0 ] | loss: class-weights = [1.0,\"2.0\",1.0]: want a list of"
            + " numbers 0 or more, such as [1, 2...",
        "[ ] | [ 1.0, 2.0 ] | loss: class-weights = [1.0, 2.0]: want 3, one for each class,"
            + " or none",
        "[ ] | {} | loss: class-weights = {}: want a list of numbers 0 or more, such as [1, 2]",
        "\"parameters\" : 300 | \"parameters\" : 301 | \"parameters\" is not 300",
        "\"parameters\" : 300 | \"parameters\" : \"300\" | \"parameters\" is not 300",
        "\"version\" | \"version\" : 2, \"dropout\" | \"dropout\" is unknown; want [format,"
            + " version, inputs, input_scale, input_sha256, layers, loss, parameters, sha256]",
        "\"inputs\" : 5 | \"inputs\" : 5, \"inputs\" : 5 | Duplicate field 'inputs'",
      })
  void refusesADescriptionThatIsWrong(String part, String wrong, String message) {
    assertThat(files.text()).contains(part);
    assertThatThrownBy(() -> files.withText(files.text().replace(part, wrong)).read())
        .isInstanceOf(FormatException.class)
        .hasMessage(JSON + message);
  }

  @ParameterizedTest
  @CsvSource({
    "format, lockstep-model",
    "version, '2, the only one known'",
    "inputs, 1 to 67108864",
    "input_scale, uint8 / 255 or (uint8 / 255 - input.offset) * input.scale or float or (float - input.offset) * input.scale",
    "layers, a list",
    "loss, an object",
    "parameters, 300"
  })
  void refusesADescriptionWithoutAKey(String key, String wanted) {
    String without =
        files.text().replaceFirst("\"" + key + "\" : ([\"\\[].*[\"\\]]|[0-9]+|\\{[^}]*\\}),\n", "");
    assertThat(without).doesNotContain(key + "\" :");
    assertThatThrownBy(() -> files.withText(without).read())
        .isInstanceOf(FormatException.class)
        .hasMessage(JSON + "\"%s\" is not %s".formatted(key, wanted));
  }

  @Test
  void refusesOtherParametersThanThoseOfTheSha256() {
    byte[] changed = files.tensors().clone();
    changed[changed.length - 1] ^= 1;
    String sha256 = ModelFiles.draw(2).sha256();
    assertThatThrownBy(() -> files.withTensors(changed).read())
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(JSON + "\"sha256\" is not ");
    assertThatThrownBy(() -> files.withText(files.text().replace(model.sha256(), sha256)).read())
        .isInstanceOf(FormatException.class)
        .hasMessage(JSON + "\"sha256\" is not " + model.sha256());
    String none = files.text().replace(",\n  \"sha256\" : \"" + model.sha256() + "\"", "");
    assertThatThrownBy(() -> files.withText(none).read())
        .isInstanceOf(FormatException.class)
        .hasMessage(JSON + "\"sha256\" is not " + model.sha256());
  }

  @Test
  void refusesADescriptionThatIsHuge() {
    String largest = files.text() + " ".repeat((1 << 20) - files.description().length);
    assertSame(files.withText(largest).read(), model);
    assertThatThrownBy(() -> files.withText(largest + " ").read())
        .isInstanceOf(FormatException.class)
        .hasMessage(JSON + "more than 1048576 bytes");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"'' | want a JSON object", "[] | want a JSON object", "null | want a JSON object"})
  void refusesADescriptionThatIsNoObject(String text, String message) {
    assertThatThrownBy(() -> files.withText(text).read())
        .isInstanceOf(FormatException.class)
        .hasMessage(JSON + message);
  }

  @Test
  void refusesADescriptionThatGoesOn() {
    assertThatThrownBy(() -> files.withText(files.text() + "{}").read())
        .isInstanceOf(FormatException.class)
        .hasMessageStartingWith(JSON + "Trailing token");
  }

  @Test
  void refusesOtherEncodings() {
    for (String charset : List.of("UTF-16LE", "UTF-16BE", "UTF-32BE")) {
      byte[] encoded = files.text().getBytes(Charset.forName(charset));
      assertThatThrownBy(() -> files.withDescription(encoded).read())
          .as(charset)
          .isInstanceOf(FormatException.class)
          .hasMessageStartingWith(JSON);
    }
    byte[] latin = files.text().replace("uint8", "ü").getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> files.withDescription(latin).read())
        .isInstanceOf(FormatException.class)
        .hasMessage(JSON + "not valid UTF-8");
  }

  @Test
  void refusesANetworkThatNoFileOfTensorsHolds() {
    String lie =
        files
            .text()
            .replace("\"inputs\" : 5", "\"inputs\" : 33000000")
            .replace("\"parameters\" : 300", "\"parameters\" : 1089000135");
    assertThatThrownBy(() -> files.withText(lie).read())
        .isInstanceOf(FormatException.class)
        .hasMessage(
            TENSORS
                + ": tensor layers.0.weight has shape [33, 5], but the network wants [33,"
                + " 33000000]");
  }

  private byte[] tensors(UnaryOperator<List<Tensor>> change, Map<String, String> metadata) {
    ParameterLayout layout = model.network().layout();
    List<Tensor> tensors = ParameterTensors.of(layout, model.parameters(), "");
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      SafetensorsWriter.write(out, metadata, change.apply(new ArrayList<>(tensors)));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return out.toByteArray();
  }

  private void assertTensorsRefused(UnaryOperator<List<Tensor>> change, String message) {
    byte[] changed = tensors(change, Map.of("format", "lockstep-model"));
    assertThatThrownBy(() -> files.withTensors(changed).read())
        .isInstanceOf(FormatException.class)
        .hasMessage(TENSORS + message);
  }

  @Test
  void takesTensorsInAnyOrder() {
    byte[] reversed =
        tensors(
            list -> {
              Collections.reverse(list);
              return list;
            },
            Map.of("format", "lockstep-model"));
    assertSame(files.withTensors(reversed).read(), model);
  }

  @Test
  void refusesOtherTensorsThanTheNetworks() {
    assertTensorsRefused(list -> list.subList(0, 3), " has no tensor layers.1.bias of shape [3]");
    assertTensorsRefused(
        list -> {
          list.add(new Tensor("layers.2.bias", List.of(1), new float[1]));
          return list;
        },
        " has a tensor layers.2.bias, for which the network has no place");
    assertTensorsRefused(
        list -> {
          Tensor weight = list.get(0);
          list.set(0, new Tensor(weight.name(), List.of(5, 33), weight.values()));
          return list;
        },
        ": tensor layers.0.weight has shape [5, 33], but the network wants [33, 5]");
  }

  @Test
  void refusesOtherMetadata() {
    byte[] other = tensors(list -> list, Map.of("format", "pt"));
    assertThatThrownBy(() -> files.withTensors(other).read())
        .isInstanceOf(FormatException.class)
        .hasMessage(TENSORS + ": the metadata is {format=pt}; want {format=lockstep-model}");
  }

  @Test
  void refusesTruncatedTensors() {
    for (int length = 0; length < files.tensors().length; length++) {
      ModelFiles truncated = files.withTensors(Arrays.copyOf(files.tensors(), length));
      assertThatThrownBy(truncated::read)
          .isInstanceOf(FormatException.class)
          .hasMessageStartingWith(TENSORS + ": ");
    }
  }
}
