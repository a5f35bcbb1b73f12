package dev.lockstep.data;

/**
 * A training set cut in two: what is trained on, and what is held out to validate with.
 *
 * <p>The cut goes through a permutation keyed by the seed, or through the set as it stands, whose
 * last examples are then held out. It depends on nothing else, and the two parts together are the
 * whole.
 *
 * @param training n − h examples, at least 1
 * @param validation h examples, at least 1
 */
public record Holdout(ExampleSource training, ExampleSource validation) {
  /**
   * Cuts a data set of n examples.
   *
   * @param fraction f of the examples is held out: h = f·n, rounded half up
   * @param seed keys the permutation
   * @param isShuffled false to cut the set as it stands
   * @throws IllegalArgumentException if that would leave either part without an example
   */
  public static Holdout of(ExampleSource whole, double fraction, long seed, boolean isShuffled) {
    return of(whole, Part.cut(whole.name(), whole.examples(), fraction, seed, isShuffled));
  }

  /** A data set that is cut so. */
  public static Holdout of(ExampleSource whole, Part.Cut cut) {
    return new Holdout(new Subset(whole, cut.training()), new Subset(whole, cut.validation()));
  }
}
