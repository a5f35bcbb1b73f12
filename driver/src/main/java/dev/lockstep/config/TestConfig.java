package dev.lockstep.config;

import java.util.List;

/**
 * When a run is looked at with the test set, beside its end. No decision follows from it.
 *
 * @param isEveryEpoch whether at the end of each epoch
 */
public record TestConfig(boolean isEveryEpoch) {
  private static final String EVERY = "test.every";
  private static final String NEVER = "never";
  private static final String EPOCH = "epoch";

  static TestConfig read(Values values) {
    String every = values.text(EVERY);
    Checks checks = new Checks();
    checks.oneOf(EVERY, every, List.of(NEVER, EPOCH));
    checks.done();
    return new TestConfig(every.equals(EPOCH));
  }

  void write(Entries entries) {
    entries.put(EVERY, isEveryEpoch ? EPOCH : NEVER);
  }
}
