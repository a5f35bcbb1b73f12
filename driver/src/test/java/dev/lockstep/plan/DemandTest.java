package dev.lockstep.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.bench.cost.Cluster;
import dev.lockstep.bench.cost.Wire;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.Training;
import dev.lockstep.loss.SoftmaxCrossEntropy;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.optimizer.Adam;
import dev.lockstep.optimizer.Optimizer;
import dev.lockstep.optimizer.Sgd;
import dev.lockstep.schedule.Constant;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;

/** 784-64-32: whole panels, so that counting by hand is easy. */
class DemandTest {
  private static final long FLOATS = 785 * 64 + 65 * 32;

  private static Demand demand(Optimizer optimizer) {
    Training training =
        new Training(
            NetworkParser.parse(784, List.of("dense 64 relu", "dense 32")),
            new SoftmaxCrossEntropy(),
            optimizer,
            new Constant(0.1),
            new BatchPlan(6000, 128, 8, 1, true));
    return new Demand(training, 7000, 788, OptionalLong.empty());
  }

  private static Map<String, Long> items(Needs needs) {
    return needs.heap().stream().collect(Collectors.toMap(Needs.Item::what, Needs.Item::bytes));
  }

  private static Resources resources(int slots) {
    return Resources.of(new SparkConf(false), OptionalInt.of(slots), OptionalInt.of(1), 10);
  }

  private static Cluster executors(int count) {
    return Cluster.of(count, 1, 1, Wire.gigabits(10));
  }

  @Test
  void aStateIsAVectorForParametersAndForEachSlot() {
    long start = 12; // Where matrices begin in an array.
    assertThat(demand(new Sgd()).vector()).isEqualTo(4 * (FLOATS + start));
    assertThat(demand(new Sgd()).state()).isEqualTo(4 * (FLOATS + start));
    assertThat(demand(new Adam(0.9f, 0.999f, 1e-8f)).state()).isEqualTo(12 * (FLOATS + start));
  }

  @Test
  void aRankHoldsItsPartOfTheData() {
    assertThat(items(demand(new Sgd()).executor(executors(4))))
        .containsEntry("shards", 1750L * 788);
    assertThat(items(demand(new Sgd()).executor(new Cluster(2, 2, 1, 2, Wire.NONE))))
        .containsEntry("shards", 2 * 1750L * 788);
  }

  @Test
  void oneExecutorSendsNothing() {
    assertThat(demand(new Sgd()).sentInStep(executors(1))).isZero();
    assertThat(items(demand(new Sgd()).executor(executors(1)))).doesNotContainKey("frames");
  }

  /** Two executors: each sends the other the sums of its slices, then its own new parameters. */
  @Test
  void twoExecutorsSendAboutAVectorEach() {
    long sent = demand(new Sgd()).sentInStep(executors(2));
    assertThat(sent).isBetween(4 * FLOATS, 2 * 4 * FLOATS);
  }

  @Test
  void aBoundThatIsHitIsNamed() {
    Demand demand = demand(new Sgd());
    assertThat(Limit.of(demand, executors(4), resources(4))).noneMatch(Limit::isHit);
    assertThat(
            Limit.of(demand, executors(8), resources(4)).stream()
                .filter(Limit::isHit)
                .map(Limit::what))
        .containsExactly("ranks, each in a slot");
  }
}
