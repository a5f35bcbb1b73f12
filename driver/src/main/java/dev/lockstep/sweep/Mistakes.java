package dev.lockstep.sweep;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import dev.lockstep.config.ConfigException;
import dev.lockstep.config.Keys;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** What is wrong with a specification: a line each, with the place. */
final class Mistakes {
  private final List<String> lines = new ArrayList<>();

  void add(String line) {
    lines.add(line);
  }

  /**
   * Tells all of them.
   *
   * @throws ConfigException if there are any
   */
  void tell() {
    if (!lines.isEmpty()) {
      throw new ConfigException(String.join("\n", lines));
    }
  }

  /** A sentence on a value. */
  void add(ConfigValue where, String sentence) {
    lines.add(where.origin().description() + ": " + sentence);
  }

  /** A value of a key that is not what is wanted. */
  void add(String key, ConfigValue value, String want) {
    String written =
        value instanceof ConfigList || value instanceof ConfigObject
            ? value.render(ConfigRenderOptions.concise())
            : String.valueOf(value.unwrapped());
    add(value, "%s = %s: %s".formatted(key, written, want));
  }

  /** Wants no other keys than those that are known. */
  void checkKeys(String prefix, ConfigObject object, List<String> known) {
    inOrder(object)
        .forEach(
            entry -> {
              if (!known.contains(entry.getKey())) {
                String meant =
                    Keys.nearest(entry.getKey(), known)
                        .map(nearest -> "; did you mean %s%s?".formatted(prefix, nearest))
                        .orElse("; a sweep knows " + String.join(", ", known));
                add(
                    entry.getValue(),
                    "unknown key %s%s%s".formatted(prefix, entry.getKey(), meant));
              }
            });
  }

  /** As the user wrote them, as far as that is known: by line, then by name. */
  static List<Map.Entry<String, ConfigValue>> inOrder(ConfigObject object) {
    return object.entrySet().stream()
        .sorted(
            Comparator.comparingInt(
                    (Map.Entry<String, ConfigValue> e) -> e.getValue().origin().lineNumber())
                .thenComparing(Map.Entry::getKey))
        .toList();
  }
}
