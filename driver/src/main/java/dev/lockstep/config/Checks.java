package dev.lockstep.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects what is wrong with the values of a section, to be thrown together. */
final class Checks {
  private final List<Mistake> mistakes = new ArrayList<>();

  /** Wants a whole number in [min, max]; says whether it is one. */
  boolean range(String key, long value, long min, long max) {
    return check(
        value >= min && value <= max,
        key,
        Long.toString(value),
        "want a whole number from %d to %d".formatted(min, max));
  }

  /** Wants one of some names. */
  boolean oneOf(String key, String value, List<String> names) {
    return check(names.contains(value), key, value, "want one of " + String.join(", ", names));
  }

  /** Notes a value unless it is right; says whether it is. */
  boolean check(boolean isRight, String key, Object value, String want) {
    if (!isRight) {
      mistakes.add(new Mistake(key, Optional.of(value.toString()), want));
    }
    return isRight;
  }

  /** Notes a sentence about a key. */
  void mistake(String key, String sentence) {
    mistakes.add(new Mistake(key, Optional.empty(), sentence));
  }

  /**
   * Ends the checks.
   *
   * @throws ConfigException if anything is wrong
   */
  void done() {
    if (!mistakes.isEmpty()) {
      throw new ConfigException(mistakes);
    }
  }
}
