package dev.lockstep.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.optimizer.Sgd;
import dev.lockstep.schedule.Constant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Three steps an epoch; matrices of one and two panels; two units that are counted. */
class EpochTallyTest {
  private static final Training TRAINING =
      new Training(
          NetworkParser.parse(3, List.of("dense 2 relu", "dense 40")),
          new SoftmaxCrossEntropy(),
          new Sgd(),
          new Constant(0.1),
          new BatchPlan(24, 8, 1, 0, true));

  private static NodeSum total(double loss, double weight, long examples, int... counts) {
    return new NodeSum(0, new float[0], loss, weight, examples, counts);
  }

  private static PanelSquares squares(double a, double b, double c, double updates) {
    return new PanelSquares(
        new double[] {a, b, c},
        new double[3],
        new double[3],
        new double[] {updates, 2 * updates, 3 * updates});
  }

  private static EpochSums twoSteps() {
    EpochTally tally = new EpochTally(TRAINING, EpochSums.NONE);
    tally.add(0, total(0.1, 8, 8, 1, 0), squares(1, 2, 3, 99));
    tally.add(1, total(0.2, 4, 8, 2, 0), squares(10, 20, 30, 99));
    return tally.sums();
  }

  @Test
  void addsTheStepsOfAnEpoch() {
    assertThat(twoSteps())
        .isEqualTo(
            new EpochSums(
                0.1 + 0.2, 12, 16, List.of(11.0, 55.0), List.of(0.0, 0.0), List.of(3L, 0L)));
  }

  @Test
  void goesOnWhereItStoppedAndNotesTheLastUpdateOfAnEpoch() {
    EpochTally tally = new EpochTally(TRAINING, twoSteps());
    tally.add(2, total(4, 8, 8, 0, 5), squares(0, 0, 0, 1));
    assertThat(tally.sums())
        .isEqualTo(
            new EpochSums(
                0.1 + 0.2 + 4, 20, 24, List.of(11.0, 55.0), List.of(1.0, 5.0), List.of(3L, 5L)));
  }

  @Test
  void beginsAnewWithAnEpoch() {
    EpochTally tally = new EpochTally(TRAINING, twoSteps());
    tally.add(3, total(7, 8, 8, 1, 1), squares(1, 0, 0, 5));
    assertThat(tally.sums())
        .isEqualTo(new EpochSums(7, 8, 8, List.of(1.0, 0.0), List.of(0.0, 0.0), List.of(1L, 1L)));
  }
}
