package dev.lockstep.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.train.ExitCode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models that leave, and weights that come in, from the command line. */
class ExportTest {
  @TempDir static Path temporary;

  private static Path run;

  @BeforeAll
  static void train() {
    run = temporary.resolve("run");
    Cli.Result result = Cli.trainLocally(run);
    assertThat(result.exit()).as(result.err()).isZero();
  }

  @Test
  void aRunAsOnnx() throws IOException {
    Path file = temporary.resolve("there/mlp.onnx");
    Cli.Result result = Cli.run("export", run.toString(), "--out", file.toString());
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(result.err()).isEmpty();
    JsonNode json = new ObjectMapper().readTree(result.out());
    String sha256 = Model.read(run.resolve("model")).sha256();
    assertThat(json.path("model_sha256").asText()).isEqualTo(sha256);
    assertThat(json.path("format").asText()).isEqualTo("onnx");
    assertThat(json.path("out").asText()).isEqualTo(file.toString());
    assertThat(json.path("bytes").asLong()).isEqualTo(Files.size(file));
    ModelProto model = ModelProto.parseFrom(Files.readAllBytes(file));
    assertThat(model.getMetadataPropsList())
        .anyMatch(p -> p.getKey().equals("model_sha256") && p.getValue().equals(sha256));
    assertThat(names(file.getParent())).containsExactly("mlp.onnx");
  }

  @Test
  void aModelDirectoryAsSafetensors() throws IOException {
    Path file = temporary.resolve("weights.safetensors");
    String model = run.resolve("model").toString();
    Cli.Result result =
        Cli.run("export", model, "--format", "safetensors", "--out", "file://" + file);
    assertThat(result.exit()).as(result.err()).isZero();
    assertThat(file).hasSameBinaryContentAs(run.resolve("model/model.safetensors"));
  }

  @Test
  void isNotWrittenOverUnlessForced() throws IOException {
    Path file = Files.writeString(temporary.resolve("mine.onnx"), "mine");
    String[] words = {"export", run.toString(), "--out", file.toString()};
    assertRefused("is there already; choose another file, or write over it with --force", words);
    assertThat(file).hasContent("mine");
    String[] forced = Stream.concat(Stream.of(words), Stream.of("--force")).toArray(String[]::new);
    assertThat(Cli.run(forced).exit()).isZero();
    assertThat(Files.size(file)).isGreaterThan(1000);
    assertRefused(
        "is a directory; want a file", "export", run.toString(), "--out", temporary.toString());
  }

  @Test
  void whatHasNoModel() throws IOException {
    Path unfinished = Files.createDirectories(temporary.resolve("unfinished"));
    Files.copy(run.resolve("config.conf"), unfinished.resolve("config.conf"));
    Files.copy(run.resolve("summary.json"), unfinished.resolve("summary.json"));
    assertRefused(
        "is not finished and has no model; resume it first", "export", unfinished.toString());
    assertRefused("has no model; want the directory", "export", temporary.resolve("no").toString());
  }

  private static void assertRefused(String message, String... words) {
    Cli.Result result = Cli.run(words);
    assertThat(result.exit()).isEqualTo(ExitCode.USAGE);
    assertThat(result.out()).isEmpty();
    assertThat(result.errors()).singleElement().asString().contains(message);
  }

  /**
   * A file laid out as Python's safetensors does it: names sorted, the header filled up with blanks
   * to a multiple of 8, metadata of its own.
   */
  @Test
  void weightsOfAnotherProgramComeIn() throws IOException {
    String header =
        "{\"__metadata__\":{\"format\":\"pt\"},"
            + "\"layers.0.bias\":{\"dtype\":\"F32\",\"shape\":[16],\"data_offsets\":[0,64]},"
            + "\"layers.0.weight\":{\"dtype\":\"F32\",\"shape\":[16,784],\"data_offsets\":[64,50240]},"
            + "\"layers.1.bias\":{\"dtype\":\"F32\",\"shape\":[10],\"data_offsets\":[50240,50280]},"
            + "\"layers.1.weight\":{\"dtype\":\"F32\",\"shape\":[10,16],\"data_offsets\":[50280,50920]}}";
    byte[] text =
        (header + " ".repeat((8 - header.length() % 8) % 8)).getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + text.length + 50920).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(text.length).put(text);
    SplittableRandom random = new SplittableRandom(4);
    float[] values = new float[50920 / 4];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat(-0.05f, 0.05f);
      file.putFloat(values[i]);
    }
    Path weights = Files.write(temporary.resolve("torch.safetensors"), file.array());
    Path out = temporary.resolve("from-torch");
    // At a rate that changes no bit of any of them.
    Cli.Result result =
        Cli.trainLocally(
            out, "--set", "init.file=" + weights, "--set", "optimizer.learning-rate=1e-30");
    assertThat(result.exit()).as(result.err()).isZero();
    Model model = Model.read(out.resolve("model"));
    float[] taken = model.network().layout().tensors().get(0).toFileOrder(model.parameters());
    assertThat(taken).containsExactly(Arrays.copyOfRange(values, 16, 16 + 16 * 784));
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}
