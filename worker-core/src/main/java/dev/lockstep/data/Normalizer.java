package dev.lockstep.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The ways to normalise inputs by the statistics of a training set.
 *
 * <p>Sums are exact, so nothing cancels however little a feature varies. Of what follows each
 * operation is rounded once, in double: the mean by one division, the inverse of the deviation by
 * the conversion of n Q − S² (with n examples, S the sum of a feature and Q that of its squares), a
 * root and a division, to within 2⁻⁵¹ of its value. Rounding to float comes last, so that both are
 * the nearest float but for near ties. The deviation is that of a population: divided by n, not n −
 * 1.
 */
public enum Normalizer {
  /** As they are: floats, or bytes over 255. */
  UNIT(false, false),
  /** Minus the mean of the feature: its inputs have mean 0. */
  CENTER(true, false),
  /**
   * Then divided by the standard deviation: its inputs have mean 0 and variance 1. A feature that
   * never varies, or by less than a float can be the inverse of, is only centred, to 0. One that
   * rarely does gets large: up to √n where one example differs from all others.
   */
  STANDARDIZE(true, true);

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
      offset[f] = isCentred ? (float) sums.mean(f) : 0;
      scale[f] = isScaled ? scale(sums.inverseDeviation(f)) : 1;
    }
    return new Normalization(offset, scale);
  }

  /** Of a deviation; 1 where there is none. */
  private static float scale(double inverseDeviation) {
    float scale = (float) inverseDeviation;
    return Float.isFinite(scale) ? scale : 1;
  }
}
