package dev.lockstep.serialization.checkpoint;

import static dev.lockstep.serialization.FormatException.shown;

import dev.lockstep.engine.Monitors;
import dev.lockstep.engine.SlicedVector;
import dev.lockstep.engine.State;
import dev.lockstep.engine.Training;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.serialization.FormatException;
import dev.lockstep.serialization.model.ParameterTensors;
import dev.lockstep.serialization.tensor.SafetensorsFile;
import dev.lockstep.serialization.tensor.SafetensorsReader;
import dev.lockstep.serialization.tensor.SafetensorsWriter;
import dev.lockstep.serialization.tensor.TensorSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/** A {@link State} as one safetensors file: vectors as tensors, all else as metadata. */
public final class CheckpointTensors {
  private static final String PARAMETERS = "parameters/";

  private static final String STEP = "step";
  private static final String SEED = "seed";
  private static final String MONITORS = "monitors";
  private static final Set<String> KEYS = Set.of(STEP, SEED, MONITORS);
  private static final String BEST = "best/";

  private CheckpointTensors() {}

  /** Writes a state; no more than one of its vectors is ever copied. */
  public static void write(Training training, State state, OutputStream out) throws IOException {
    ParameterLayout layout = training.network().layout();
    OneFlat flat = new OneFlat();
    List<TensorSource> tensors = new ArrayList<>();
    tensors.addAll(ParameterTensors.later(layout, () -> flat.of(state.parameters()), PARAMETERS));
    List<String> names = training.slots();
    for (int s = 0; s < names.size(); s++) {
      SlicedVector slot = state.slots().get(s);
      tensors.addAll(ParameterTensors.later(layout, () -> flat.of(slot), prefix(names.get(s))));
    }
    for (SlicedVector best : state.best()) {
      tensors.addAll(ParameterTensors.later(layout, () -> flat.of(best), BEST));
    }
    Map<String, String> metadata =
        Map.of(
            STEP, Long.toString(state.step()),
            SEED, Long.toString(state.seed()),
            MONITORS, MonitorsText.write(state.monitors()));
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
    if (!file.metadata().keySet().equals(KEYS)) {
      throw new FormatException(
          "%s has %s in its metadata; want %s"
              .formatted(name, shown(file.metadata().keySet().toString()), new TreeSet<>(KEYS)));
    }
    long step = number(file, STEP, Long::parseLong, value -> value >= 0, name);
    long seed = number(file, SEED, Long::parseLong, value -> true, name);
    if (seed != training.plan().seed()) {
      throw new FormatException(
          "%s is of a run with seed %d, but this one has %d"
              .formatted(name, seed, training.plan().seed()));
    }
    Monitors monitors = MonitorsText.read(file.metadata().get(MONITORS), training, name);
    ParameterLayout layout = training.network().layout();
    List<String> prefixes = new ArrayList<>();
    prefixes.add(PARAMETERS);
    training.slots().forEach(slot -> prefixes.add(prefix(slot)));
    if (file.tensors().stream().anyMatch(tensor -> tensor.name().startsWith(BEST))) {
      prefixes.add(BEST);
    }
    List<SlicedVector> vectors =
        ParameterTensors.toVectors(layout, file, prefixes, name).stream()
            .map(vector -> SlicedVector.copyOf(vector, layout))
            .toList();
    int slots = 1 + training.slots().size();
    return new State(
        step,
        seed,
        vectors.get(0),
        vectors.subList(1, slots),
        vectors.subList(slots, vectors.size()),
        monitors);
  }

  /** The flat form of the vector that was asked for last. */
  private static final class OneFlat {
    private SlicedVector vector;
    private float[] flat;

    float[] of(SlicedVector wanted) {
      if (!wanted.equals(vector)) {
        flat = null;
        flat = wanted.toFlat();
        vector = wanted;
      }
      return flat;
    }
  }

  private static String prefix(String slot) {
    return "slots/" + slot + "/";
  }

  private static <N extends Number> N number(
      SafetensorsFile file,
      String key,
      Function<String, N> parse,
      Predicate<N> isValid,
      String name) {
    String text = file.metadata().get(key);
    try {
      N number = parse.apply(text);
      if (isValid.test(number)) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Refused below, like a number out of range.
    }
    throw new FormatException(
        "%s: metadata \"%s\" is \"%s\", which it cannot be".formatted(name, key, shown(text)));
  }
}
