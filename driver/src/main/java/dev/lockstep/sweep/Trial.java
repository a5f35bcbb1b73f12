package dev.lockstep.sweep;

import dev.lockstep.config.RunConfig;
import dev.lockstep.serialization.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * One run of a sweep.
 *
 * @param number from 0; of a finished sweep each has its own, whatever the order of arrival
 * @param stage what it is for
 * @param cell whose it is
 * @param settings what tells it from others, for people and files
 * @param config all that it is
 */
record Trial(int number, Stage stage, Cell cell, Point settings, RunConfig config) {
  /** The name of its run directory. */
  String directory() {
    return "trials/%04d".formatted(number);
  }

  /**
   * What its outcome depends on: all that determines the result, and what is varied for the sake of
   * the time it takes.
   *
   * @param data the fingerprint of the data
   */
  String digest(String data) {
    StringBuilder all = new StringBuilder(data);
    Map<String, String> entries = config.resultEntries();
    entries.forEach((key, value) -> all.append('\n' + key + " = " + value));
    settings
        .values()
        .forEach(
            (key, value) -> {
              if (!entries.containsKey(key)) {
                all.append('\n' + key + " = " + Point.text(value));
              }
            });
    all.append('\n').append(config.budget());
    return Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  Trial with(RunConfig other) {
    return new Trial(number, stage, cell, settings, other);
  }
}
