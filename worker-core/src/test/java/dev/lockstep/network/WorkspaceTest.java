package dev.lockstep.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.kernel.MatrixKernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.layer.Operands;
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
    assertThat(work.forward(0, null).x()).isSameAs(work.x());
    assertThat(work.forward(1, null).x()).isSameAs(work.output(0));
    assertThat(work.forward(2, null).x()).isSameAs(work.output(1));
    assertThat(work.output(2)).isSameAs(work.y());
    assertThat(backward(2).dx()).isSameAs(backward(1).dy());
    assertThat(backward(2).dy()).isSameAs(work.dy());
  }

  @Test
  void aLayerInPlaceHasNoMemoryOfItsOwn() {
    assertThat(work.output(1)).isSameAs(work.output(0));
    assertThat(backward(1).dy()).isSameAs(backward(0).dy());
    assertThat(work.output(2)).isNotSameAs(work.output(1));
    assertThat(backward(0).dy()).isNotSameAs(work.output(0));
  }

  @Test
  void transposesOnlyWhatGoesBackToALayerBefore() {
    assertThat(work.transposed(0)).isNull();
    assertThat(work.transposed(1)).isNull();
    assertShape(work.transposed(2), 3, 40);
  }

  @Test
  void theStackGrowsWithTheDepthAndIsKept() {
    Panels shallow = stack(1);
    assertThat(stack(1)).isSameAs(shallow);
    Panels deep = stack(9);
    assertThat(deep.rows()).isGreaterThanOrEqualTo(MatrixKernels.stackRows(9));
    assertThat(stack(2)).isSameAs(deep);
  }

  private Operands backward(int layer) {
    return work.backward(layer, layer > 0, null, null, 1);
  }

  private Panels stack(int depth) {
    return work.backward(0, false, null, null, depth).stack();
  }

  private static void assertShape(Panels panels, int rows, int columns) {
    assertThat(panels.rows()).isEqualTo(rows);
    assertThat(panels.columns()).isEqualTo(columns);
  }
}
