package dev.lockstep.config;

import dev.lockstep.optimizer.Clipping;
import java.util.Locale;

/**
 * A bound on the gradient.
 *
 * @param by one of {@link Clipping.Mode#names}
 * @param bound above 0
 */
public record ClipConfig(String by, double bound) {
  public ClipConfig {
    Checks checks = new Checks();
    checks.oneOf("clip.by", by, Clipping.Mode.names());
    checks.check(
        (float) bound > 0 && bound <= Float.MAX_VALUE,
        "clip.bound",
        bound,
        "want a number above 0");
    checks.done();
  }

  static ClipConfig read(Values values) {
    return new ClipConfig(values.text("clip.by"), values.number("clip.bound"));
  }

  void write(Entries entries) {
    entries.put("clip.by", by);
    entries.put("clip.bound", bound);
  }

  Clipping clipping() {
    String name = by.toUpperCase(Locale.ROOT).replace('-', '_');
    return new Clipping(Clipping.Mode.valueOf(name), (float) bound);
  }
}
