package dev.lockstep.bench.cost;

/**
 * The network of a host.
 *
 * @param bytesPerSecond what it carries each way, at the same time
 * @param latency seconds that it adds to a frame
 */
public record Wire(double bytesPerSecond, double latency) {
  /** None: all executors are on one host. */
  public static final Wire NONE = new Wire(Double.POSITIVE_INFINITY, 0);

  /** From one host to the next over a switch or two, through both hosts' kernels. */
  private static final double LATENCY = 30e-6;

  /** An Ethernet of so many Gbit/s, without its headers. */
  public static Wire gigabits(double gigabits) {
    return new Wire(gigabits * 1e9 / 8, LATENCY);
  }
}
