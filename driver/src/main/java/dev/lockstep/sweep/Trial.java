package dev.lockstep.sweep;

import dev.lockstep.config.RunConfig;
import dev.lockstep.serialization.Sha256;
import java.nio.charset.StandardCharsets;

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
   * What its outcome depends on.
   *
   * @param data the fingerprint of the data
   */
  String digest(String data) {
    StringBuilder all = new StringBuilder(data);
    config.resultEntries().forEach((key, value) -> all.append('\n' + key + " = " + value));
    all.append('\n').append(config.budget());
    return Sha256.of(all.toString().getBytes(StandardCharsets.UTF_8));
  }

  Trial with(RunConfig other) {
    return new Trial(number, stage, cell, settings, other);
  }
}
