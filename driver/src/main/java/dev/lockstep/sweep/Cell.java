package dev.lockstep.sweep;

import java.util.Optional;

/**
 * What an answer is wanted for: a point of {@code for-each}.
 *
 * @param index its place, from 0
 * @param label what the user calls it
 * @param point its settings
 */
record Cell(int index, Optional<String> label, Point point) {
  /** For people. */
  String text() {
    String settings = point.text();
    if (label.isEmpty()) {
      return settings.isEmpty() ? "all" : settings;
    }
    return settings.isEmpty() ? label.get() : label.get() + ": " + settings;
  }
}
