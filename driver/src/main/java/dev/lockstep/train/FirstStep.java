package dev.lockstep.train;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicReference;

/** The moment at which a run's first step was complete, counted from the start of the launcher. */
final class FirstStep {
  /** Set by the launcher: seconds since the epoch, in decimals. */
  private static final String LAUNCHED = "LOCKSTEP_LAUNCHED";

  private final AtomicReference<Instant> moment = new AtomicReference<>();

  /** Any thread may call this at every step. */
  void onStep() {
    if (moment.get() == null) {
      moment.compareAndSet(null, Instant.now());
    }
  }

  /** Seconds since the launch; empty if there was no step, or no launcher with a clock. */
  OptionalDouble seconds() {
    String launched = System.getenv(LAUNCHED);
    if (moment.get() == null || launched == null || !launched.matches("\\d+\\.\\d{1,9}")) {
      return OptionalDouble.empty();
    }
    long micros = new BigDecimal(launched).movePointRight(6).longValue();
    Instant begun = Instant.EPOCH.plus(Duration.ofNanos(Math.multiplyExact(micros, 1000)));
    return OptionalDouble.of(Duration.between(begun, moment.get()).toMillis() / 1e3);
  }
}
