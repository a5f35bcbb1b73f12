package dev.lockstep.bench;

/**
 * Work that is too short for the clock, repeated until it is long enough.
 *
 * @param work the work
 * @param times how often a measurement repeats it
 */
public record Repeated(Runnable work, int times) {
  /** Repeats work until a measurement takes about so long; warms it up on the way. */
  public static Repeated lasting(long nanos, Runnable work) {
    int times = 1;
    while (true) {
      Repeated repeated = new Repeated(work, times);
      double took = repeated.nanos() * times;
      if (took >= nanos || times >= 1 << 24) {
        return repeated;
      }
      double wanted = times * Math.min(8, nanos / Math.max(1, took));
      times = (int) Math.max(times + 1, Math.ceil(wanted));
    }
  }

  /** Measures once: nanoseconds of one repetition. */
  public double nanos() {
    long start = System.nanoTime();
    for (int i = 0; i < times; i++) {
      work.run();
    }
    return (double) (System.nanoTime() - start) / times;
  }

  /** Runs for so long without measuring. */
  public void warmUp(long nanos) {
    long end = System.nanoTime() + nanos;
    while (System.nanoTime() < end) {
      nanos();
    }
  }
}
