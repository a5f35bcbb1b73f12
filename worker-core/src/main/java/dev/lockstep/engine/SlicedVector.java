package dev.lockstep.engine;

import dev.lockstep.kernel.Panels;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.Slice;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A vector in panel order as a list of slices, so that no part of a state need be larger than a
 * slice. Immutable by convention: nobody writes to the arrays after construction.
 *
 * @param slices one array for each slice of the layout
 */
public record SlicedVector(List<float[]> slices) implements Serializable {
  public SlicedVector {
    slices = List.copyOf(slices);
  }

  /** A copy of a flat vector, cut as the layout says. */
  public static SlicedVector copyOf(float[] flat, ParameterLayout layout) {
    List<float[]> slices = new ArrayList<>();
    for (Slice slice : layout.slices()) {
      slices.add(Arrays.copyOfRange(flat, slice.offset(), slice.end()));
    }
    return new SlicedVector(slices);
  }

  /** A flat copy, in panel order. */
  public float[] toFlat() {
    int at = Panels.START;
    float[] flat = new float[at + slices.stream().mapToInt(s -> s.length).sum()];
    for (float[] slice : slices) {
      System.arraycopy(slice, 0, flat, at, slice.length);
      at += slice.length;
    }
    return flat;
  }
}
