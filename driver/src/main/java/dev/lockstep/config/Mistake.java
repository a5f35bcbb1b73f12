package dev.lockstep.config;

import java.util.Optional;

/**
 * One value that is not allowed.
 *
 * @param key where it stands
 * @param value what stands there; empty if the text says it
 * @param text what is wanted, or the whole sentence if there is no value
 */
record Mistake(String key, Optional<String> value, String text) {
  /** As one sentence. */
  String sentence() {
    return value.map(v -> "%s = %s: %s".formatted(key, v, text)).orElse(text);
  }

  /** The same of a value as the user wrote it, where it shows one. */
  Mistake withValue(String written) {
    return new Mistake(key, value.map(v -> written), text);
  }
}
