package dev.lockstep.bench.cost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterLayout;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class CostModelTest {
  private static final ParameterLayout LAYOUT =
      NetworkParser.parse(784, List.of("dense 256 relu", "dense 10")).layout();
  private static final Work WORK = new Work(LAYOUT, 1024, 64);
  private static final CostModel MODEL =
      new CostModel(80e-6, 10e-6, 2e-9, 0.3e-9, 0.5e-9, 1e-9, 9e-6, 1e-6);
  private static final Offset<Double> EXACT = within(1e-15);

  @Test
  void oneRankOnlyComputes() {
    StepCost cost = MODEL.step(WORK, Cluster.oneExecutor(1), Scheme.DIRECT);
    long p = WORK.floats();
    assertThat(cost.compute()).isCloseTo(9e-6 * 1024 + 1e-9 * p, EXACT);
    assertThat(cost.update()).isCloseTo(0.5e-9 * WORK.owned(0, 1), EXACT);
    assertThat(cost.meeting() + cost.latency() + cost.transfer() + cost.merging()).isZero();
    assertThat(cost.total()).isCloseTo(MODEL.alone(WORK), within(1e-7));
    assertThat(MODEL.efficiency(WORK, Cluster.oneExecutor(1), Scheme.DIRECT))
        .isCloseTo(1, within(1e-4));
  }

  @Test
  void twoExecutorsByHand() {
    Cluster cluster = Cluster.of(2, 1, 1, new Wire(1e8, 5e-6));
    long larger = Math.max(WORK.owned(0, 2), WORK.owned(1, 2));
    long smaller = WORK.floats() - larger;
    StepCost cost = MODEL.step(WORK, cluster, Scheme.DIRECT);
    assertThat(cost.compute()).isCloseTo(9e-6 * 512 + 1e-9 * WORK.floats(), EXACT);
    assertThat(cost.latency()).isCloseTo(2 * (80e-6 + 5e-6), EXACT);
    // 100 MB/s is slower than the transport's 500; each phase moves the larger part one way.
    assertThat(cost.transfer()).isCloseTo(2 * 4 * larger / 1e8, EXACT);
    assertThat(cost.merging()).isCloseTo(0.3e-9 * larger, within(1e-8));
    assertThat(cost.update()).isCloseTo(0.5e-9 * larger, EXACT);
    assertThat(smaller).isPositive();
  }

  @Test
  void theSlowerOfTransportAndWireCounts() {
    double fast =
        MODEL.step(WORK, Cluster.of(4, 1, 1, Wire.gigabits(100)), Scheme.DIRECT).transfer();
    double slow = MODEL.step(WORK, Cluster.of(4, 1, 1, Wire.gigabits(1)), Scheme.DIRECT).transfer();
    // 2 ns a byte over 8 ns a byte.
    assertThat(slow / fast).isCloseTo(4, within(1e-9));
    double wire =
        MODEL
            .withoutTransport()
            .step(WORK, Cluster.of(4, 1, 1, Wire.gigabits(100)), Scheme.DIRECT)
            .transfer();
    assertThat(fast / wire).isCloseTo(25, within(1e-9));
  }

  @Test
  void ranksThatShareCoresTakeTurns() {
    Cluster alone = new Cluster(1, 4, 1, 4, Wire.NONE);
    Cluster crowded = new Cluster(1, 4, 1, 2, Wire.NONE);
    Cluster three = new Cluster(1, 3, 1, 2, Wire.NONE);
    assertThat(alone.crowding()).isEqualTo(1);
    assertThat(crowded.crowding()).isEqualTo(2);
    assertThat(three.crowding()).isEqualTo(2);
    double ratio =
        MODEL.step(WORK, crowded, Scheme.DIRECT).compute()
            / MODEL.step(WORK, alone, Scheme.DIRECT).compute();
    assertThat(ratio).isCloseTo(2, within(1e-12));
  }

  @Test
  void hostsThatMergeFirstSendLess() {
    Wire wire = Wire.gigabits(10);
    double crowded = MODEL.step(WORK, Cluster.of(16, 1, 8, wire), Scheme.DIRECT).transfer();
    double first = MODEL.step(WORK, Cluster.of(2, 8, 1, wire), Scheme.DIRECT).transfer();
    assertThat(first).isLessThan(crowded / 2);
  }

  @Test
  void aClusterHasOneOfEach() {
    assertThatThrownBy(() -> new Cluster(0, 1, 1, 1, Wire.NONE))
        .hasMessage("0 executors of 1 ranks, 1 to a host of 1 cores: want 1 or more of each");
  }
}
