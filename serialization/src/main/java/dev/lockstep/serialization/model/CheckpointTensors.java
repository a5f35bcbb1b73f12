package dev.lockstep.serialization.model;

import dev.lockstep.engine.Monitors;
import dev.lockstep.engine.SlicedVector;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.serialization.FormatException;
import dev.lockstep.serialization.tensor.SafetensorsFile;
import dev.lockstep.serialization.tensor.SafetensorsReader;
import dev.lockstep.serialization.tensor.SafetensorsWriter;
import dev.lockstep.serialization.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A {@link State} as one safetensors file: vectors as tensors, all else as metadata. */
public final class CheckpointTensors {
  private static final String PARAMETERS = "parameters/";

  private CheckpointTensors() {}

  /** Writes a state. */
  public static void write(Training training, State state, OutputStream out) throws IOException {
    ParameterLayout layout = training.network().layout();
    List<Tensor> tensors =
        new ArrayList<>(ParameterTensors.of(layout, state.parameters().toFlat(), PARAMETERS));
    List<String> names = training.optimizer().slots();
    for (int s = 0; s < names.size(); s++) {
      tensors.addAll(
          ParameterTensors.of(layout, state.slots().get(s).toFlat(), prefix(names.get(s))));
    }
    Map<String, String> metadata =
        Map.of(
            "step", Long.toString(state.step()),
            "seed", Long.toString(state.seed()),
            "epoch_loss", Double.toHexString(state.monitors().epochLoss()),
            "epoch_examples", Long.toString(state.monitors().epochExamples()));
    SafetensorsWriter.write(out, metadata, tensors);
  }

  /**
   * Reads a state.
   *
   * @param length bytes of the file
   * @param name the file, for messages
   * @throws FormatException if it is not a state of this training
   */
  public static State read(Training training, InputStream in, long length, String name)
      throws IOException {
    SafetensorsFile file = SafetensorsReader.read(in, length, name);
    ParameterLayout layout = training.network().layout();
    List<SlicedVector> slots = new ArrayList<>();
    for (String slot : training.optimizer().slots()) {
      slots.add(vector(layout, file, prefix(slot), name));
    }
    try {
      return new State(
          Long.parseLong(text(file, "step", name)),
          Long.parseLong(text(file, "seed", name)),
          vector(layout, file, PARAMETERS, name),
          slots,
          new Monitors(
              Double.parseDouble(text(file, "epoch_loss", name)),
              Long.parseLong(text(file, "epoch_examples", name))));
    } catch (NumberFormatException e) {
      throw new FormatException("%s: metadata: %s".formatted(name, e.getMessage()), e);
    }
  }

  private static SlicedVector vector(
      ParameterLayout layout, SafetensorsFile file, String prefix, String name) {
    return SlicedVector.copyOf(ParameterTensors.toVector(layout, file, prefix, name), layout);
  }

  private static String prefix(String slot) {
    return "slots/" + slot + "/";
  }

  private static String text(SafetensorsFile file, String key, String name) {
    String value = file.metadata().get(key);
    if (value == null) {
      throw new FormatException("%s has no \"%s\" in its metadata".formatted(name, key));
    }
    return value;
  }
}
