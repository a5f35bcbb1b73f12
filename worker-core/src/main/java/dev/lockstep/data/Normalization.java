package dev.lockstep.data;

import java.io.Serializable;
import java.util.Arrays;

/**
 * What inputs go through first, feature by feature: y = (x − offset) · scale, where x is a float,
 * or a byte / 255.
 *
 * @param offset {@code offset[I]}
 * @param scale {@code scale[I]}, above 0
 */
public record Normalization(float[] offset, float[] scale) implements Serializable {
  public Normalization {
    if (offset.length != scale.length) {
      throw new IllegalArgumentException(
          "%d offsets and %d scales: want one of each for a feature"
              .formatted(offset.length, scale.length));
    }
  }

  /** I, how many features an example has. */
  public int features() {
    return offset.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Normalization that
        && Arrays.equals(offset, that.offset)
        && Arrays.equals(scale, that.scale);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(offset) + 31 * Arrays.hashCode(scale);
  }

  @Override
  public String toString() {
    return "normalization of %d features".formatted(features());
  }
}
