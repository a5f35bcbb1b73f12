package dev.lockstep.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.lockstep.kernel.Panels;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ParameterLayoutTest {
  private static ParameterLayout layout(int inputs, List<Integer> units) {
    return NetworkParser.parse(
            inputs, units.stream().map(u -> "dense %d relu".formatted(u)).toList())
        .layout();
  }

  @Test
  void countsWhatIsLearned() {
    ParameterLayout layout = layout(784, List.of(256, 128, 64, 10));
    assertThat(layout.parameters()).isEqualTo(242_762);
    assertThat(layout.length()).isEqualTo(Panels.START + 242_762 + 65 * 22);
    assertThat(layout.panels()).isEqualTo(8 + 4 + 2 + 1);
  }

  @Test
  void namesTensorsByTheLayersThatLearn() {
    ParameterLayout layout = layout(784, List.of(33, 10));
    assertThat(layout.tensors())
        .extracting(ParameterTensor::name, ParameterTensor::fileShape)
        .containsExactly(
            tuple("layers.0.weight", List.of(33, 784)),
            tuple("layers.0.bias", List.of(33)),
            tuple("layers.1.weight", List.of(10, 33)),
            tuple("layers.1.bias", List.of(10)));
  }

  @Test
  void theMnistNetworkIsCutIntoSlicesOfAPanelOrMore() {
    // A panel of 257 rows is beyond the least slice of 8192 floats; the last two fit into one.
    assertThat(layout(784, List.of(256, 128, 64, 10)).slices())
        .extracting(Slice::panels)
        .containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2);
  }

  @Test
  void aHugeNetworkHasSlicesForManyRanks() {
    ParameterLayout layout = layout(8192, List.of(1 << 16));
    assertCoversEverythingOnce(layout);
    assertThat(layout.slices()).hasSize(512).allMatch(slice -> slice.panels() == 4);
    assertThat(layout.slices()).allMatch(slice -> slice.length() <= ParameterLayout.MAX_SLICE);
  }

  @Test
  void aPanelBeyondTheBoundIsASliceOfItsOwn() {
    ParameterLayout layout = layout(200_000, List.of(64, 3));
    assertCoversEverythingOnce(layout);
    assertThat(layout.slices()).extracting(Slice::panels).containsExactly(1, 1, 1);
    assertThat(layout.slices().get(0).length()).isEqualTo(200_001 * Panels.WIDTH);
  }

  @Property(tries = 200, seed = "11")
  void slicesAreWholePanelsAndCoverEverythingOnce(
      @ForAll @IntRange(min = 1, max = 3000) int inputs,
      @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 1500) Integer> units) {
    ParameterLayout layout = layout(inputs, units);
    assertCoversEverythingOnce(layout);
    assertThat(layout.slices()).allMatch(slice -> slice.length() <= ParameterLayout.MAX_SLICE);
  }

  private static void assertCoversEverythingOnce(ParameterLayout layout) {
    int offset = Panels.START;
    int panel = 0;
    for (Slice slice : layout.slices()) {
      assertThat(slice.panels()).isPositive();
      assertThat(slice.offset()).isEqualTo(offset).isEqualTo(layout.panelOffset(panel));
      assertThat(slice.firstPanel()).isEqualTo(panel);
      assertThat(slice.length())
          .isEqualTo(
              IntStream.range(panel, panel + slice.panels())
                  .map(p -> layout.panelRows(p) * Panels.WIDTH)
                  .sum());
      offset = slice.end();
      panel += slice.panels();
    }
    assertThat(offset).isEqualTo(layout.length());
    assertThat(panel).isEqualTo(layout.panels());
  }

  @Property(tries = 100, seed = "12")
  void ranksShareTheSlicesNearlyEvenly(
      @ForAll @IntRange(min = 1, max = 3000) int inputs,
      @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 1, max = 1500) Integer> units) {
    ParameterLayout layout = layout(inputs, units);
    int largest = layout.slices().stream().mapToInt(Slice::length).max().orElseThrow();
    for (int ranks = 1; ranks <= 70; ranks++) {
      List<Slice> all = new ArrayList<>();
      for (int rank = 0; rank < ranks; rank++) {
        List<Slice> own = layout.slicesOf(rank, ranks);
        assertThat(own.stream().mapToLong(Slice::length).sum())
            .isLessThanOrEqualTo(layout.length() / ranks + largest + 1);
        all.addAll(own);
      }
      assertThat(all).isEqualTo(layout.slices());
    }
  }
}
