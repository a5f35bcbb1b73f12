package dev.lockstep.data;

import java.io.Serializable;
import java.util.List;

/**
 * Sums over examples of each feature and of its square. They are exact, so it does not matter how
 * examples were grouped or in which order groups were added.
 */
public sealed interface FeatureSums extends Serializable permits ByteSums, FloatSums {
  /** The sums over the examples of a shard. */
  static FeatureSums of(Shard shard) {
    return switch (shard.format().element()) {
      case BYTE -> ByteSums.of(shard);
      case FLOAT -> FloatSums.of(shard);
    };
  }

  /** The sums over all examples of some shards, at least one. */
  static FeatureSums of(List<Shard> shards) {
    return shards.stream().map(FeatureSums::of).reduce(FeatureSums::plus).orElseThrow();
  }

  /** n, how many examples were summed, 0 or more. */
  long count();

  /** I, how many features an example has. */
  int features();

  /**
   * The sums over the examples of both.
   *
   * @throws IllegalArgumentException if the others have other features
   */
  FeatureSums plus(FeatureSums others);

  /** The mean of a feature as an input, over one example or more. */
  double mean(int feature);

  /** One over the standard deviation of a feature as an input; infinite if it never varies. */
  double inverseDeviation(int feature);

  /**
   * Checks that others can be added.
   *
   * @throws IllegalArgumentException if they cannot
   */
  default void checkLike(FeatureSums others) {
    if (others.features() != features() || others.getClass() != getClass()) {
      throw new IllegalArgumentException("%s cannot be added to %s".formatted(others, this));
    }
  }
}
