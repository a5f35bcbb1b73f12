package dev.lockstep.engine;

/**
 * Where the wall time of some steps went, in nanoseconds.
 *
 * @param compute forward, backward and update
 * @param exchange making, sending and merging sums and parameters
 * @param waiting for other ranks, and for what is on its way
 */
public record TimeSplit(long compute, long exchange, long waiting) {
  /** No time. */
  public static final TimeSplit NONE = new TimeSplit(0, 0, 0);

  /** Both together. */
  public TimeSplit plus(TimeSplit other) {
    return new TimeSplit(
        compute + other.compute, exchange + other.exchange, waiting + other.waiting);
  }

  /** The whole. */
  public long total() {
    return compute + exchange + waiting;
  }
}
