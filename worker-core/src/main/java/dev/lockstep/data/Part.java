package dev.lockstep.data;

import dev.lockstep.random.Permutation;
import dev.lockstep.random.Purpose;
import java.io.Serializable;

/**
 * Some of the examples of a data set: those at the positions [first, first + examples) of an order
 * of all. Example i of the part is the one at position first + i. What is held is the key of the
 * order, never a list.
 *
 * @param whole n, how many examples there are in all
 * @param seed keys the order
 * @param isShuffled false for the identity as the order
 * @param first a position, from 0
 * @param examples how many the part has
 */
public record Part(long whole, long seed, boolean isShuffled, long first, long examples)
    implements Serializable {
  /**
   * A data set cut in two: what is trained on, and what is held out to validate with.
   *
   * @param training n − h examples, at least 1
   * @param validation h examples, at least 1
   */
  public record Cut(Part training, Part validation) {}

  /** All examples, in their own order. */
  public static Part all(long examples) {
    return new Part(examples, 0, false, 0, examples);
  }

  /**
   * Cuts n examples in two, through an order keyed by the seed or through their own, of which the
   * last are then held out.
   *
   * @param name of the data set, for messages
   * @param fraction f of the examples is held out: h = f·n, rounded half up
   * @param isShuffled false to cut the set as it stands
   * @throws IllegalArgumentException if that would leave either part without an example
   */
  public static Cut cut(
      String name, long examples, double fraction, long seed, boolean isShuffled) {
    long held = Math.round(fraction * examples);
    long kept = examples - held;
    if (held < 1 || kept < 1) {
      throw new IllegalArgumentException(
          "of the %d examples of %s, %d would be held out and %d be trained on; want at least 1 of each"
              .formatted(examples, name, held, kept));
    }
    return new Cut(
        new Part(examples, seed, isShuffled, 0, kept),
        new Part(examples, seed, isShuffled, kept, held));
  }

  /** The order of all; position p has example {@code apply(p)}. */
  public Permutation order() {
    return isShuffled
        ? Permutation.of(whole, seed, Purpose.VALIDATION_SPLIT, 0, 0)
        : Permutation.identity(whole);
  }

  /**
   * The place in the part of an example of the whole; outside of [0, {@link #examples}) if it is
   * not in it.
   *
   * @param order {@link #order}
   */
  public long indexOf(Permutation order, long ofWhole) {
    return order.inverse(ofWhole) - first;
  }

  /** Whether there is such a place in it. */
  public boolean has(long index) {
    return index >= 0 && index < examples;
  }
}
