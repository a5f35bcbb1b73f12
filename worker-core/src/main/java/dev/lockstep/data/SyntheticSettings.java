package dev.lockstep.data;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The settings of synthetic data, {@code KEY=VALUE} with {@code &} between them. Every refusal is
 * an {@link IllegalArgumentException} whose message names the URI and what is wanted.
 */
final class SyntheticSettings {
  private final String uri;
  private final Map<String, String> settings = new HashMap<>();

  private SyntheticSettings(String uri) {
    this.uri = uri;
  }

  /**
   * Takes what follows the question mark of a URI, if there is one.
   *
   * @param keys all that may be set
   * @param example such a URI, with all settings
   */
  static SyntheticSettings parse(String uri, List<String> keys, String example) {
    SyntheticSettings parsed = new SyntheticSettings(uri);
    int question = uri.indexOf('?');
    if (question >= 0) {
      for (String setting : uri.substring(question + 1).split("&", -1)) {
        int equals = setting.indexOf('=');
        String key = equals < 0 ? setting : setting.substring(0, equals);
        if (!keys.contains(key)) {
          throw new IllegalArgumentException(
              "unknown setting '%s' in '%s': want %s, as in %s"
                  .formatted(key, uri, String.join(" or ", keys), example));
        }
        if (parsed.settings.put(key, equals < 0 ? "" : setting.substring(equals + 1)) != null) {
          throw new IllegalArgumentException(
              "%s is set twice in '%s': keep one".formatted(key, uri));
        }
      }
    }
    return parsed;
  }

  /** A whole number in [low, high]. */
  long whole(String key, long fallback, long low, long high) {
    String value = settings.get(key);
    if (value == null) {
      return fallback;
    }
    try {
      long number = Long.parseLong(value);
      if (number >= low && number <= high) {
        return number;
      }
    } catch (NumberFormatException e) {
      // The message below serves a number out of range as well.
    }
    throw refused(key, "want a whole number from %d to %d".formatted(low, high));
  }

  /** One of some names, which must be set. */
  String oneOf(String key, List<String> names) {
    String value = settings.getOrDefault(key, "");
    if (!names.contains(value)) {
      throw refused(key, "want one of " + String.join(", ", names));
    }
    return value;
  }

  /** The refusal of a setting. */
  IllegalArgumentException refused(String key, String want) {
    return new IllegalArgumentException(
        "%s = '%s' in '%s': %s".formatted(key, settings.getOrDefault(key, ""), uri, want));
  }
}
