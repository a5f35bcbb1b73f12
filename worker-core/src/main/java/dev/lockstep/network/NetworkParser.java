package dev.lockstep.network;

import dev.lockstep.layer.Layer;
import dev.lockstep.layer.LayerKind;
import dev.lockstep.layer.Layers;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import dev.lockstep.setting.SettingsException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Reads a network from words: {@code dense 256 relu}, {@code dropout 0.5}, {@code dense 10}.
 *
 * <p>An entry is one or more layers. The name of a kind begins a layer; the words behind it are
 * {@code name=value}, the name of a setting that is yes or no, or values of the other settings in
 * their order. I is what the layer before gives.
 */
public final class NetworkParser {
  private static final Pattern BLANKS = Pattern.compile("\\s+");

  private NetworkParser() {}

  /**
   * The network of some entries over so many inputs.
   *
   * @throws IllegalArgumentException naming every entry that is wrong, what it is and what it
   *     should be
   */
  public static Network parse(int inputs, List<String> entries) {
    return Network.of(layers(inputs, entries));
  }

  private static List<Layer> layers(int inputs, List<String> entries) {
    Map<String, LayerKind> kinds = new LinkedHashMap<>();
    Layers.KINDS.all().forEach(kind -> kinds.put(kind.name(), kind));
    List<String> mistakes = new ArrayList<>();
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      try {
        for (Words words : Words.split(entries.get(i), kinds)) {
          int width = layers.isEmpty() ? inputs : layers.get(layers.size() - 1).outputs();
          LayerKind.Place place = new LayerKind.Place(width, layers.size());
          layers.addAll(create(words, place));
        }
      } catch (IllegalArgumentException e) {
        mistakes.add("layers[%d] = \"%s\": %s".formatted(i, entries.get(i), e.getMessage()));
      }
    }
    if (layers.isEmpty() && mistakes.isEmpty()) {
      mistakes.add("layers = []: a network needs at least 1 layer, such as \"dense 10\"");
    }
    if (!mistakes.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", mistakes));
    }
    return layers;
  }

  private static List<Layer> create(Words words, LayerKind.Place place) {
    Settings settings = words.settings();
    try {
      return words.kind().create(place, settings);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "as layer %d, with %d inputs: %s"
              .formatted(place.index() + 1, place.inputs(), e.getMessage()),
          e);
    }
  }

  /**
   * One layer as it was written.
   *
   * @param kind its kind
   * @param values the words behind its name
   */
  private record Words(LayerKind kind, List<String> values) {
    /** The layers of an entry. */
    static List<Words> split(String entry, Map<String, LayerKind> kinds) {
      List<Words> layers = new ArrayList<>();
      for (String word : BLANKS.splitAsStream(entry.strip()).toList()) {
        if (kinds.containsKey(word)) {
          layers.add(new Words(kinds.get(word), new ArrayList<>()));
        } else if (layers.isEmpty()) {
          throw new IllegalArgumentException(
              "want a kind of layer first, one of " + String.join(", ", kinds.keySet()));
        } else {
          layers.get(layers.size() - 1).values().add(word);
        }
      }
      return layers;
    }

    Settings settings() {
      Map<String, String> given = new LinkedHashMap<>();
      Iterator<Setting<?>> inOrder =
          kind.settings().stream()
              .filter(setting -> !setting.isFlag() && !isNamed(setting.name()))
              .iterator();
      for (String value : values) {
        int equals = value.indexOf('=');
        if (equals >= 0) {
          put(given, value.substring(0, equals), value.substring(equals + 1));
        } else if (isFlag(value)) {
          put(given, value, "true");
        } else if (inOrder.hasNext()) {
          put(given, inOrder.next().name(), value);
        } else {
          throw new IllegalArgumentException(
              "\"%s\" is neither a kind of layer nor anything that %s takes; want %s"
                  .formatted(value, kind.name(), usage()));
        }
      }
      try {
        return Settings.read(kind, given);
      } catch (SettingsException e) {
        throw new IllegalArgumentException("%s (want %s)".formatted(e.getMessage(), usage()), e);
      }
    }

    /** Whether a setting is given by its name: then no word without one is its value. */
    private boolean isNamed(String setting) {
      return values.stream().anyMatch(word -> word.startsWith(setting + "="));
    }

    private boolean isFlag(String word) {
      return kind.settings().stream().anyMatch(s -> s.isFlag() && s.name().equals(word));
    }

    private static void put(Map<String, String> given, String name, String value) {
      if (given.put(name, value) != null) {
        throw new IllegalArgumentException(name + " is given twice; keep one");
      }
    }

    /** How such a layer is written: {@code "dense UNITS"}. */
    private String usage() {
      StringBuilder usage = new StringBuilder("\"" + kind.name());
      for (Setting<?> setting : kind.settings()) {
        String name = setting.isFlag() ? setting.name() : setting.name().toUpperCase(Locale.ROOT);
        usage.append(setting.byDefault().isEmpty() ? " " + name : " [" + name + "]");
      }
      return usage.append("\"").toString();
    }
  }
}
