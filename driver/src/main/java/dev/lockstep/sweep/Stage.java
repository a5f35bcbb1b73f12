package dev.lockstep.sweep;

import java.util.Locale;

/** What a trial is run for. */
enum Stage {
  /** The search for the best point of a cell. */
  TUNE,
  /** The best point of a cell again, with other seeds. */
  REPEAT,
  /** The only stage of a sweep that searches for nothing. */
  TRIAL;

  /** As files have it. */
  String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
