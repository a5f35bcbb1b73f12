package dev.lockstep.layer;

/**
 * How a layer did in an epoch.
 *
 * @param figure what the fraction is of: {@code dead} or {@code saturated}; empty for nothing
 * @param fraction of units or outputs, 0 to 1
 * @param limit above it something is wrong
 * @param remedy what usually helps, for a sentence
 */
public record Health(String figure, double fraction, double limit, String remedy) {
  /** Of a layer that keeps no counts. */
  public static final Health NONE = new Health("", 0, 1, "");

  /** Whether there is anything to say. */
  public boolean isEmpty() {
    return figure.isEmpty();
  }
}
