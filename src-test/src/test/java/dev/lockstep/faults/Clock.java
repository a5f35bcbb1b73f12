package dev.lockstep.faults;

/** Seconds since a moment. */
final class Clock {
  private final long begun = System.nanoTime();

  double seconds() {
    return (System.nanoTime() - begun) / 1e9;
  }
}
