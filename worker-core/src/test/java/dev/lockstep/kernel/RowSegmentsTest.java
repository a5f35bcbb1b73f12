package dev.lockstep.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RowSegmentsTest {
  private static RowSegments of(int... counts) {
    return new SumProgram(counts).segments();
  }

  private static int[] used(RowSegments segments, int[] column) {
    return Arrays.copyOf(column, segments.count());
  }

  @Test
  void runsAreCutIntoSegmentsThatGoOn() {
    RowSegments segments = of(300, 5);
    assertThat(used(segments, segments.ends())).containsExactly(128, 256, 300, 305);
    assertThat(used(segments, segments.levels())).containsExactly(0, 0, 0, 1);
    assertThat(used(segments, segments.merges())).containsExactly(0, 0, 0, 1);
    assertThat(IntStream.range(0, 4).filter(segments::goesOn)).containsExactly(1, 2);
    assertThat(segments.rows()).isEqualTo(305);
    assertThat(segments.depth()).isEqualTo(2);
  }

  @Test
  void aContinuedProgramGoesOnFromTheStart() {
    RowSegments segments = RowSegments.single(200, true);
    assertThat(IntStream.range(0, 2).filter(segments::goesOn)).containsExactly(0, 1);
    assertThat(used(segments, segments.nodes())).containsExactly(1, 1);
  }

  @Test
  void equalRunsMakeNodes() {
    RowSegments segments = of(16, 16, 16, 16, 16, 16, 16, 16);
    assertThat(used(segments, segments.nodes())).containsExactly(8, 1, 2, 1, 4, 1, 2, 1);
    segments = of(16, 16, 16, 16, 16, 16, 16);
    assertThat(used(segments, segments.nodes())).containsExactly(4, 1, 2, 1, 2, 1, 1);
  }

  @Test
  void unequalRunsAndEmptyShardsMakeNone() {
    RowSegments segments = of(16, 17, 16, 16, 0, 16, 16, 16);
    // The last two are siblings; the 16 before them has an empty sibling and is alone.
    assertThat(used(segments, segments.nodes())).containsExactly(1, 1, 2, 1, 1, 2, 1);
    segments = of(130, 130);
    assertThat(used(segments, segments.nodes())).containsOnly(1);
  }

  @Test
  void anEmptyProgramIsRefused() {
    assertThatThrownBy(() -> new RowSegments.Builder().build(false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0 segments");
  }
}
