package dev.lockstep.bench.cost;

/**
 * Where the time of a step goes, in seconds, one part after the other.
 *
 * @param compute forward and backward of the rank that has the most examples
 * @param meeting ranks of an executor wait for each other
 * @param latency frames under way
 * @param transfer bytes through transport and network
 * @param merging sums along the canonical tree
 * @param update of the rank that owns the most
 */
public record StepCost(
    double compute,
    double meeting,
    double latency,
    double transfer,
    double merging,
    double update) {
  /** The whole step. */
  public double total() {
    return compute + coordination();
  }

  /** All but computing. */
  public double coordination() {
    return meeting + latency + transfer + merging + update;
  }
}
