package dev.lockstep.bench;

/** The room that this JVM has left. */
final class Heap {
  /** Large arrays need whole regions, and what is dead is not collected at once. */
  private static final double USABLE = 0.8;

  private Heap() {}

  /** Bytes that can still be taken, about. */
  static long room() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    long live = runtime.totalMemory() - runtime.freeMemory();
    return (long) (USABLE * runtime.maxMemory()) - live;
  }
}
