package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.fixture.Bits;
import dev.lockstep.kernel.Panels;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.Slice;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlicedVectorTest {
  private final ParameterLayout layout =
      NetworkParser.parse(784, List.of("dense 100 relu", "dense 10")).layout();

  private float[] drawFlat() {
    float[] flat = new float[layout.length()];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = Float.intBitsToFloat(i * 0x9e3779b9);
    }
    return flat;
  }

  @Test
  void isCutAsTheLayoutSays() {
    SlicedVector vector = SlicedVector.copyOf(drawFlat(), layout);
    assertThat(layout.slices()).hasSizeGreaterThan(2);
    assertThat(vector.slices())
        .extracting(slice -> slice.length)
        .isEqualTo(layout.slices().stream().map(Slice::length).toList());
  }

  @Test
  void givesBackEveryBit() {
    float[] flat = drawFlat();
    Arrays.fill(flat, 0, Panels.START, 0f);
    Bits.assertSame("flat", SlicedVector.copyOf(flat, layout).toFlat(), flat);
  }

  @Test
  void sharesNoMemoryWithTheFlatVectors() {
    float[] flat = new float[layout.length()];
    SlicedVector vector = SlicedVector.copyOf(flat, layout);
    flat[Panels.START] = 1;
    vector.toFlat()[Panels.START] = 2;
    assertThat(vector.toFlat()[Panels.START]).isZero();
  }

  @Test
  void itsListCannotBeChanged() {
    SlicedVector vector = SlicedVector.copyOf(drawFlat(), layout);
    assertThatThrownBy(() -> vector.slices().set(0, new float[1]))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
