package dev.lockstep.data;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The ways to normalise inputs by the statistics of a training set.
 *
 * <p>With n examples, S the sum of a feature's bytes and Q the sum of their squares, the mean of x
 * = byte / 255 is S / (255 n), and its standard deviation in the form of a population (divided by
 * n, not n − 1) is √(n Q − S²) / (255 n).
 *
 * <p>S, Q and n Q − S² are whole numbers and exact, so nothing cancels however little a feature
 * varies. Of what follows each operation is rounded once, in double: the mean by one division, the
 * inverse of the deviation by the conversion of n Q − S², a root and a division, to within 2⁻⁵¹ of
 * its value. Rounding to float comes last, so that both are the nearest float but for near ties.
 */
public enum Normalizer {
  /** Bytes over 255: inputs in [0, 1]. */
  UNIT(false, false),
  /** Minus the mean of the feature: its inputs have mean 0. */
  CENTER(true, false),
  /**
   * Then divided by the standard deviation: its inputs have mean 0 and variance 1. A feature that
   * never varies is only centred, to 0. One that rarely does gets large: up to √n where one example
   * differs from all others.
   */
  STANDARDIZE(true, true);

  private static final double FULL = 255;

  private final boolean isCentred;
  private final boolean isScaled;

  Normalizer(boolean isCentred, boolean isScaled) {
    this.isCentred = isCentred;
    this.isScaled = isScaled;
  }

  /** The name in configurations: {@code standardize}. */
  public String configName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The names in configurations. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Normalizer::configName).toList();
  }

  /** The one with a name out of {@link #names}. */
  public static Normalizer named(String name) {
    return values()[names().indexOf(name)];
  }

  /** Whether it depends on the data at all. */
  public boolean needsSums() {
    return isCentred || isScaled;
  }

  /**
   * Offsets and scales for a training set.
   *
   * @param sums of all its examples, at least one
   */
  public Normalization of(FeatureSums sums) {
    if (sums.count() < 1) {
      throw new IllegalArgumentException("statistics of 0 examples: want at least 1");
    }
    float[] offset = new float[sums.features()];
    float[] scale = new float[sums.features()];
    for (int f = 0; f < offset.length; f++) {
      offset[f] = isCentred ? (float) (sums.sums()[f] / (FULL * sums.count())) : 0;
      scale[f] = isScaled ? inverseDeviation(sums, f) : 1;
    }
    return new Normalization(offset, scale);
  }

  /** 255 n / √(n Q − S²), or 1 for a feature that never varies. */
  private static float inverseDeviation(FeatureSums sums, int feature) {
    BigInteger n = BigInteger.valueOf(sums.count());
    BigInteger sum = BigInteger.valueOf(sums.sums()[feature]);
    BigInteger squares = BigInteger.valueOf(sums.squares()[feature]);
    BigInteger spread = n.multiply(squares).subtract(sum.multiply(sum));
    return spread.signum() == 0
        ? 1
        : (float) (FULL * sums.count() / Math.sqrt(spread.doubleValue()));
  }
}
