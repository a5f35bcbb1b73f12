package dev.lockstep.fuzz;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.Decisions;
import dev.lockstep.engine.EpochSums;
import dev.lockstep.engine.Monitors;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.optimizer.Momentum;
import dev.lockstep.schedule.Constant;
import dev.lockstep.serialization.Sha256;
import dev.lockstep.serialization.checkpoint.CheckpointTensors;
import dev.lockstep.serialization.checkpoint.Manifest;
import dev.lockstep.serialization.checkpoint.Part;
import dev.lockstep.serialization.tensor.SafetensorsFile;
import dev.lockstep.serialization.tensor.SafetensorsReader;
import dev.lockstep.serialization.tensor.SafetensorsWriter;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Checkpoints of one small training, as bytes. */
final class CheckpointBytes {
  private static final String NAME = "fuzz.safetensors";
  private static final Training TRAINING =
      new Training(
          NetworkParser.parse(2, List.of("dense 3 relu", "dense 2")),
          new SoftmaxCrossEntropy(),
          new Momentum(0.9f, false),
          new Constant(1),
          new BatchPlan(100, 10, 2, 1, true));
  private static final SafetensorsFile BEGUN = begun();

  private CheckpointBytes() {}

  static void read(byte[] file) throws IOException {
    CheckpointTensors.read(TRAINING, new ByteArrayInputStream(file), file.length, NAME);
  }

  private static byte[] write(State state) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    CheckpointTensors.write(TRAINING, state, file);
    return file.toByteArray();
  }

  private static State start() {
    return State.initial(TRAINING, new float[TRAINING.network().layout().length()]);
  }

  /** One after some steps, which has its best parameters too. */
  private static State later() {
    int matrices = TRAINING.network().layout().matrices();
    EpochSums sums =
        new EpochSums(
            1.5,
            10,
            10,
            Collections.nCopies(matrices, 0.25),
            Collections.nCopies(matrices, 0.5),
            Collections.nCopies(TRAINING.network().counts(), 7L));
    State start = start();
    return new State(
        4,
        start.seed(),
        start.parameters(),
        start.slots(),
        List.of(start.parameters()),
        new Monitors(sums, new Decisions(0.5, 1.25, 2, 3, 1.75, 5, 2, false)));
  }

  static List<byte[]> seeds() throws IOException {
    return List.of(write(start()), write(later()));
  }

  private static SafetensorsFile begun() {
    try {
      return read("begun", write(start()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SafetensorsFile read(String name, byte[] file) throws IOException {
    return SafetensorsReader.read(new ByteArrayInputStream(file), file.length, name);
  }

  private static final String BEFORE = "{\"manifest\":";
  private static final String DIGEST = ",\"sha256\":\"%s\"}\n";

  static void readManifest(byte[] body) {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    file.writeBytes(bytes(BEFORE));
    file.writeBytes(body);
    file.writeBytes(bytes(DIGEST.formatted(Sha256.of(body))));
    Manifest unused = Manifest.read(file.toByteArray(), "fuzz.json");
  }

  /** The body of one, without its digest. */
  static byte[] manifest() {
    String digest = Sha256.of(new byte[0]);
    Part state = Part.ofState(20, 512, digest);
    List<Part> metrics =
        List.of(Part.ofMetrics(1, 10, 700, digest), Part.ofMetrics(11, 20, 90, digest));
    String file =
        new String(
            new Manifest(20, digest, "seed = 1\n", state, metrics).toBytes(),
            StandardCharsets.UTF_8);
    return bytes(
        file.substring(BEFORE.length(), file.length() - DIGEST.formatted(digest).length()));
  }

  /** A checkpoint whose metadata says this. */
  static byte[] with(String step, String seed, String monitors) throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    SafetensorsWriter.write(
        file, Map.of("step", step, "seed", seed, "monitors", monitors), BEGUN.tensors());
    return file.toByteArray();
  }

  /** What the metadata of checkpoints says, in three pieces. */
  static List<byte[]> texts() throws IOException {
    return List.of(texts(write(start())), texts(write(later())));
  }

  private static byte[] texts(byte[] checkpoint) throws IOException {
    Map<String, String> metadata = read("seed", checkpoint).metadata();
    return Pieces.join(
        bytes(metadata.get("step")), bytes(metadata.get("seed")), bytes(metadata.get("monitors")));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
