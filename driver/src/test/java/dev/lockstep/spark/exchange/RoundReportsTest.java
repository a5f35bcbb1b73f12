package dev.lockstep.spark.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.Decisions;
import dev.lockstep.engine.DivergedException;
import dev.lockstep.engine.EpochSums;
import dev.lockstep.engine.Monitors;
import dev.lockstep.engine.RankTimes;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.SlicedVector;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.engine.TimeSplit;
import dev.lockstep.engine.Training;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.Network;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.Slice;
import dev.lockstep.optimizer.Sgd;
import dev.lockstep.schedule.Constant;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class RoundReportsTest {
  private static final int RANKS = 2;
  private static final Monitors BEFORE =
      new Monitors(EpochSums.NONE, new Decisions(0.5, 1, 2, 3, 4, 5, 6, false));
  private static final EpochSums EPOCH =
      new EpochSums(2.5, 63.5, 64, List.of(1.5, 2.0), List.of(0.0, 3.0), List.of(7L, 1L << 40));
  private static final StepRecord STEP = new StepRecord(8, 2, 32, 0.25, -0.0, Double.NaN);
  private static final RankTimes TIMES =
      new RankTimes("executor 1 on höst", new TimeSplit(60, 30, 9));
  private static final RankTimes OTHER = new RankTimes("driver on here", new TimeSplit(0, 1, 0));
  private static final Network NETWORK =
      NetworkParser.parse(300, List.of("dense 100 relu", "dense 10"));
  private static final Training TRAINING =
      new Training(
          NETWORK,
          new SoftmaxCrossEntropy(),
          new Sgd(),
          new Constant(1),
          new BatchPlan(1000, 10, 8, 1, true));
  private static final ParameterLayout LAYOUT = NETWORK.layout();

  private final State before =
      new State(7, 3, vector(0), List.of(vector(0), vector(0)), List.of(vector(9)), BEFORE);
  private final RoundReports reports = new RoundReports(TRAINING, RANKS, before, new Round(7, 1));

  private static float[] flat(float value) {
    float[] flat = new float[LAYOUT.length()];
    IntStream.range(0, flat.length).forEach(i -> flat[i] = value + i);
    return flat;
  }

  private static SlicedVector vector(float value) {
    return SlicedVector.copyOf(flat(value), LAYOUT);
  }

  private static ByteBuffer slices(int from, int to, int extra) {
    List<Slice> slices = LAYOUT.slices().subList(from, to);
    ByteBuffer body =
        ByteBuffer.allocate((int) RoundReports.size(slices, 2) + 1).order(ByteOrder.LITTLE_ENDIAN);
    RoundReports.put(body, from, slices, flat(1), new float[][] {flat(2), flat(3)});
    return body.position(body.position() + extra).flip();
  }

  private static RankReport report(StepRecord diverged) {
    return new RankReport(List.of(STEP), diverged, EPOCH, 99, TIMES, List.of(98L));
  }

  @Test
  void slicesAndReportsMakeTheResult() {
    int last = LAYOUT.slices().size();
    assertThat(last).isGreaterThan(2);
    reports.takeSlices(slices(2, last, 0));
    reports.takeReport(1, new RankReport(List.of(), null, EPOCH, 1, OTHER, List.of()));
    reports.takeSlices(slices(0, 2, 0));
    assertThat(reports.result()).isNotDone();
    reports.takeReport(0, report(null));
    RoundResult result = reports.result().join();
    assertThat(result.records()).containsExactly(STEP);
    assertThat(result.nanos()).isEqualTo(99);
    assertThat(result.times().ranks()).containsExactly(TIMES, OTHER);
    assertThat(result.times().steps()).containsExactly(98L);
    assertThat(result.times().sum()).isEqualTo(new TimeSplit(60, 31, 9));
    State state = result.state();
    assertThat(state.step()).isEqualTo(8);
    assertThat(state.seed()).isEqualTo(3);
    assertThat(state.monitors()).isEqualTo(new Monitors(EPOCH, BEFORE.decisions()));
    assertThat(state.best()).isEqualTo(before.best());
    assertThat(state.parameters().slices())
        .usingRecursiveComparison()
        .isEqualTo(vector(1).slices());
    assertThat(state.slots().get(0).slices())
        .usingRecursiveComparison()
        .isEqualTo(vector(2).slices());
    assertThat(state.slots().get(1).slices())
        .usingRecursiveComparison()
        .isEqualTo(vector(3).slices());
  }

  @Test
  void aSliceThatNobodyBringsIsMissed() {
    reports.takeSlices(slices(1, LAYOUT.slices().size(), 0));
    reports.takeReport(1, report(null));
    reports.takeReport(0, report(null));
    assertThatThrownBy(reports.result()::join)
        .cause()
        .hasMessage("no rank brought slice 0 of the new state");
  }

  @Test
  void divergenceNeedsNoSlices() {
    reports.takeReport(1, report(STEP));
    assertThat(reports.result()).isNotDone();
    reports.takeReport(0, report(STEP));
    assertThatThrownBy(reports.result()::join)
        .cause()
        .isInstanceOfSatisfying(DivergedException.class, e -> assertThat(e.step()).isEqualTo(STEP));
  }

  @Test
  void refusesSlicesThatCannotBe() {
    for (int extra : new int[] {-1, 1}) {
      assertThatThrownBy(() -> reports.takeSlices(slices(0, 1, extra)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("bytes of 1 slices from 0: want");
    }
    int all = LAYOUT.slices().size();
    for (int[] bad : new int[][] {{-1, 1}, {0, -1}, {0, all + 1}, {all + 1, 0}, {1, 1 << 31}}) {
      ByteBuffer body = slices(0, 1, 0).putInt(0, bad[0]).putInt(4, bad[1]);
      assertThatThrownBy(() -> reports.takeSlices(body))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("a SLICES frame of %d slices from %d".formatted(bad[1], bad[0]));
    }
  }

  @Test
  void aReportReadsBackAsWritten() {
    for (StepRecord diverged : new StepRecord[] {null, STEP}) {
      RankReport report =
          new RankReport(List.of(STEP, STEP), diverged, EPOCH, 99, TIMES, List.of(1L, 2L));
      assertThat((long) report.size()).isLessThanOrEqualTo(RankReport.largest(NETWORK, 2));
      ByteBuffer body = ByteBuffer.allocate(report.size()).order(ByteOrder.LITTLE_ENDIAN);
      report.put(body);
      assertThat(body.hasRemaining()).isFalse();
      assertThat(RankReport.get(body.flip())).isEqualTo(report);
      for (int length = 0; length < report.size(); length++) {
        ByteBuffer cut = body.duplicate().order(ByteOrder.LITTLE_ENDIAN).position(0).limit(length);
        assertThatThrownBy(() -> RankReport.get(cut)).isInstanceOf(IllegalArgumentException.class);
      }
    }
  }
}
