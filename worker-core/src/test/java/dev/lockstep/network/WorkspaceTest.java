package dev.lockstep.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.kernel.MatrixKernels;
import dev.lockstep.kernel.Panels;
import java.util.List;
import org.junit.jupiter.api.Test;

class WorkspaceTest {
  private static final int ROWS = 6;

  private final Network network = NetworkParser.parse(7, List.of("dense 40 relu", "dense 3"));
  private final Workspace work = new Workspace(network, ROWS);

  @Test
  void hasRoomForTheRowsOfEveryLayer() {
    assertShape(work.x(), ROWS, 7);
    assertShape(work.output(0), ROWS, 40);
    assertShape(work.y(), ROWS, 3);
    assertShape(work.dy(), ROWS, 3);
  }

  @Test
  void layersReadWhatTheOneBeforeWrote() {
    assertThat(work.input(0)).isSameAs(work.x());
    assertThat(work.input(1)).isSameAs(work.output(0));
    assertThat(work.input(2)).isSameAs(work.output(1));
    assertThat(work.output(2)).isSameAs(work.y());
    assertThat(work.inputGradient(2)).isSameAs(work.outputGradient(1));
    assertThat(work.outputGradient(2)).isSameAs(work.dy());
  }

  @Test
  void aLayerInPlaceHasNoMemoryOfItsOwn() {
    assertThat(work.output(1)).isSameAs(work.output(0));
    assertThat(work.outputGradient(1)).isSameAs(work.outputGradient(0));
    assertThat(work.output(2)).isNotSameAs(work.output(1));
    assertThat(work.outputGradient(0)).isNotSameAs(work.output(0));
  }

  @Test
  void transposesOnlyWhatGoesBackToALayerBefore() {
    assertThat(work.transposed(0)).isNull();
    assertThat(work.transposed(1)).isNull();
    assertShape(work.transposed(2), 3, 40);
  }

  @Test
  void theStackGrowsWithTheDepthAndIsKept() {
    Panels shallow = work.stack(1);
    assertThat(work.stack(1)).isSameAs(shallow);
    Panels deep = work.stack(9);
    assertThat(deep.rows()).isGreaterThanOrEqualTo(MatrixKernels.stackRows(9));
    assertThat(work.stack(2)).isSameAs(deep);
  }

  private static void assertShape(Panels panels, int rows, int columns) {
    assertThat(panels.rows()).isEqualTo(rows);
    assertThat(panels.columns()).isEqualTo(columns);
  }
}
