package dev.lockstep.fuzz;

import dev.lockstep.data.ExampleFormat.Element;
import dev.lockstep.layer.Normalize;
import dev.lockstep.loss.Loss;
import dev.lockstep.loss.Losses;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.serialization.model.Model;
import dev.lockstep.serialization.tensor.SafetensorsWriter;
import dev.lockstep.serialization.tensor.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** Small inputs that parsers accept. */
final class Seeds {
  private static final int RECORD = 1 + 3 * 32 * 32;

  private Seeds() {}

  private static byte[] bytes(String... texts) {
    return String.join("\n", texts).getBytes(StandardCharsets.UTF_8);
  }

  static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(content);
    }
    return zipped.toByteArray();
  }

  static List<byte[]> idx() throws IOException {
    byte[] labels =
        ByteBuffer.allocate(11).putInt(0x801).putInt(3).put(new byte[] {9, 0, 1}).array();
    byte[] flat = ByteBuffer.allocate(18).putInt(0x802).putInt(3).putInt(2).array();
    byte[] images = ByteBuffer.allocate(34).putInt(0x803).putInt(3).putInt(2).putInt(3).array();
    byte[] colours =
        ByteBuffer.allocate(32).putInt(0x804).putInt(3).putInt(1).putInt(2).putInt(2).array();
    return List.of(
        Pieces.join(flat, labels),
        Pieces.join(images, labels),
        Pieces.join(colours, labels),
        Pieces.join(gzip(images), gzip(labels)),
        Pieces.join(images, gzip(labels)));
  }

  static List<byte[]> cifar10() {
    byte[] second = new byte[2 * RECORD];
    second[RECORD] = 9;
    return List.of(Pieces.join(new byte[RECORD], second));
  }

  static List<byte[]> gzip() throws IOException {
    byte[] one = gzip(new byte[RECORD]);
    ByteArrayOutputStream twoMembers = new ByteArrayOutputStream();
    twoMembers.writeBytes(one);
    twoMembers.writeBytes(one);
    return List.of(one, twoMembers.toByteArray());
  }

  static List<byte[]> safetensors() throws IOException {
    List<byte[]> files = new ArrayList<>();
    for (List<Tensor> tensors :
        List.of(
            List.<Tensor>of(),
            List.of(
                new Tensor("scalar", List.of(), new float[1]),
                new Tensor("nothing", List.of(0, 7), new float[0]),
                new Tensor("matrix", List.of(2, 3), new float[6])))) {
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      SafetensorsWriter.write(file, Map.of("key", "value \u00e9"), tensors);
      files.add(file.toByteArray());
    }
    files.add(bytes("\2\0\0\0\0\0\0\0{}"));
    return files;
  }

  static List<byte[]> models() throws IOException {
    List<String> layers = List.of("dense 3 relu", "dropout 0.5", "dense 2");
    float[] parameters = new float[NetworkParser.parse(2, layers).layout().length()];
    Loss loss = Losses.of("huber", Map.of());
    List<byte[]> models = new ArrayList<>();
    for (Optional<Normalize> normalize :
        List.of(
            Optional.<Normalize>empty(),
            Optional.of(new Normalize(new float[] {0.5f, 0}, new float[] {1, 2})))) {
      Model model = new Model(2, Element.BYTE, layers, loss, normalize, parameters);
      ByteArrayOutputStream description = new ByteArrayOutputStream();
      ByteArrayOutputStream tensors = new ByteArrayOutputStream();
      model.writeDescription(description);
      model.writeTensors(tensors);
      models.add(Pieces.join(description.toByteArray(), tensors.toByteArray()));
    }
    return models;
  }

  static List<byte[]> configs() {
    return Stream.of(
            "",
            "epochs = 3, batch-size = 64 # comment\nseed: 7\n",
            "layers = [\"dense 16 relu\", { type = dense, units = 10, activation = softplus }]",
            "optimizer { name = adam, beta1 = 0.8 }\nseed = 64, batch-size = ${seed}",
            "data.shuffle = none\nloss { name = huber, delta = 2 }\nschedule.name = cosine",
            "layers = ${?layers} [\"dense 10\"]")
        .map(Seeds::bytes)
        .toList();
  }

  static List<byte[]> layers() {
    return List.of(
        bytes("dense 256 relu", "dropout 0.5", "dense 10"),
        bytes("dense units=32 gelu", "maxout 16 4", "prelu shared", "dense 10 softmax"),
        bytes("noise 0.1 dense 7", "leaky-relu 0.01", "elu 1", "threshold 0 dense 1"));
  }
}
