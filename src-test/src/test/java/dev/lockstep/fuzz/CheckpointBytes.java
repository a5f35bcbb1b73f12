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
import dev.lockstep.serialization.model.CheckpointTensors;
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
