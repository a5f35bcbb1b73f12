package dev.lockstep.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The list {@code layers}. An entry is a text for {@link dev.lockstep.network.NetworkParser}, or
 * the long form of one, an object, which becomes the text that says the same: {@code { type =
 * dense, units = 256, activation = relu }} becomes {@code dense units=256 relu}.
 *
 * <p>Whether there are such layers and settings is not looked at here.
 */
final class LayerEntries {
  private static final String KEY = "layers";
  private static final String TYPE = "type";
  private static final String ACTIVATION = "activation";
  private static final String EXAMPLE = "such as { type = dense, units = 10 }";

  /** Stands in for an entry that cannot be read, so that those behind it are looked at too. */
  private static final String PLACEHOLDER = "dense 1";

  private final List<Mistake> mistakes;

  private LayerEntries(List<Mistake> mistakes) {
    this.mistakes = mistakes;
  }

  /** The texts of a list; takes what is wrong to the mistakes. */
  static List<String> read(ConfigList list, List<Mistake> mistakes) {
    LayerEntries entries = new LayerEntries(mistakes);
    List<String> texts = new ArrayList<>();
    for (ConfigValue element : list) {
      String place = "%s[%d]".formatted(KEY, texts.size());
      texts.add(entries.text(place, element).orElse(PLACEHOLDER));
    }
    return texts;
  }

  /** A text or an object at a place such as {@code layers[2]}; empty if it is wrong. */
  private Optional<String> text(String place, ConfigValue value) {
    if (value instanceof ConfigObject object) {
      return longForm(place, object);
    }
    Optional<String> text = Values.scalar(value);
    if (text.isEmpty()) {
      refuse(place, value, "want a text, such as \"dense 10\", or a section, " + EXAMPLE);
    }
    return text;
  }

  private Optional<String> longForm(String place, ConfigObject object) {
    ConfigValue type = object.get(TYPE);
    if (type == null) {
      refuse(place, object, "type is missing: want a kind of layer, " + EXAMPLE);
      return Optional.empty();
    }
    StringBuilder words = new StringBuilder();
    StringBuilder behind = new StringBuilder();
    int before = mistakes.size();
    new TreeMap<>(object)
        .forEach(
            (name, value) -> {
              String at = place + "." + name;
              switch (name) {
                case TYPE -> type(at, value).ifPresent(word -> words.insert(0, word));
                case ACTIVATION -> text(at, value).ifPresent(t -> behind.append(' ').append(t));
                default ->
                    word(at, value).ifPresent(w -> words.append(" %s=%s".formatted(name, w)));
              }
            });
    return mistakes.size() == before
        ? Optional.of(words.append(behind).toString())
        : Optional.empty();
  }

  private Optional<String> type(String place, ConfigValue value) {
    return word(place, value, Values.scalar(value), "want the name of a kind of layer");
  }

  /** A value as one word; a list is written {@code [1,2]}. */
  private Optional<String> word(String place, ConfigValue value) {
    Optional<String> words =
        value instanceof ConfigObject
            ? Optional.empty()
            : Optional.of(Values.words(value).replace(", ", ","));
    return word(place, value, words, "want a word, a number or a list of them");
  }

  private Optional<String> word(
      String place, ConfigValue value, Optional<String> words, String want) {
    Optional<String> word = words.filter(LayerEntries::isWord);
    if (word.isEmpty()) {
      refuse(place, value, want);
    }
    return word;
  }

  private static boolean isWord(String text) {
    return !text.isEmpty() && text.chars().noneMatch(Character::isWhitespace);
  }

  private void refuse(String place, ConfigValue value, String want) {
    String sentence = "%s = %s: %s".formatted(place, Values.written(value), want);
    mistakes.add(new Mistake(KEY, Optional.empty(), sentence));
  }
}
