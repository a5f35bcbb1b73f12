package dev.lockstep.network;

import dev.lockstep.layer.Activation;
import dev.lockstep.layer.ActivationLayer;
import dev.lockstep.layer.Dense;
import dev.lockstep.layer.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Reads a network from words, one entry a layer: {@code dense 256 relu}, {@code dense 10}. The
 * number is O; I is what the layer before gives.
 */
public final class NetworkParser {
  private static final Pattern BLANKS = Pattern.compile("\\s+");
  private static final int MAX_UNITS = 1 << 20;

  private NetworkParser() {}

  /**
   * The network of some entries over so many inputs.
   *
   * @throws IllegalArgumentException naming every entry that is wrong, what it is and what it
   *     should be
   */
  public static Network parse(int inputs, List<String> entries) {
    List<String> mistakes = new ArrayList<>();
    List<Layer> layers = new ArrayList<>();
    int width = inputs;
    for (int i = 0; i < entries.size(); i++) {
      List<String> words = BLANKS.splitAsStream(entries.get(i).trim()).toList();
      String where = "layers[%d] = \"%s\": ".formatted(i, entries.get(i));
      if (!words.get(0).equals("dense") || words.size() < 2 || words.size() > 3) {
        mistakes.add(where + "want \"dense UNITS\" or \"dense UNITS ACTIVATION\"");
        continue;
      }
      int units = units(words.get(1));
      if (units == 0) {
        mistakes.add(where + "UNITS must be a whole number from 1 to " + MAX_UNITS);
        continue;
      }
      layers.add(new Dense(width, units));
      width = units;
      if (words.size() == 3) {
        Optional<Activation> activation = Activation.named(words.get(2));
        if (activation.isEmpty()) {
          mistakes.add(where + "ACTIVATION must be one of " + Activation.names());
        } else if (activation.get() != Activation.IDENTITY) {
          layers.add(new ActivationLayer(activation.get(), units));
        }
      }
    }
    if (entries.isEmpty()) {
      mistakes.add("layers = []: a network needs at least 1 layer, such as \"dense 10\"");
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", mistakes));
    }
    return Network.of(layers);
  }

  /** The number of units, or 0 where it is none. */
  private static int units(String word) {
    if (!word.matches("[0-9]{1,7}")) {
      return 0;
    }
    int units = Integer.parseInt(word);
    return units <= MAX_UNITS ? units : 0;
  }
}
