package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.random.Permutation;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchPlanTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "1, 100, 64",
    "2, 1, 3",
    "7, 3, 2",
    "10, 10, 4",
    "10, 3, 10",
    "97, 10, 7",
    "100, 7, 16",
    "101, 100, 3",
    "1000, 64, 5",
    "1009, 128, 64",
    "60, 1, 60",
    "50, 2000000000, 8"
  })
  void anEpochVisitsEveryExampleOnce(long n, int batchSize, int shards) {
    for (boolean shuffled : new boolean[] {false, true}) {
      BatchPlan plan = new BatchPlan(n, batchSize, shards, 42, shuffled);
      for (long epoch = 0; epoch < 3; epoch++) {
        assertEpochVisitsAll(plan, epoch);
      }
    }
  }

  private static void assertEpochVisitsAll(BatchPlan plan, long epoch) {
    Permutation order = plan.dataOrder();
    BitSet seen = new BitSet();
    int visited = 0;
    long first = plan.firstStepOf(epoch);
    assertThat(plan.firstStepOf(epoch + 1)).isEqualTo(first + plan.stepsOf(epoch));
    for (long step = first; step < first + plan.stepsOf(epoch); step++) {
      assertThat(plan.epochOf(step)).isEqualTo(epoch);
      assertThat(plan.isFirstOfEpoch(step)).isEqualTo(step == first);
      assertThat(plan.isLastOfEpoch(step)).isEqualTo(step + 1 == plan.firstStepOf(epoch + 1));
      int ofStep = 0;
      for (int shard = 0; shard < plan.shards(); shard++) {
        Permutation visits = plan.visitOrder(epoch, shard);
        int from = plan.firstVisit(step, shard);
        for (int visit = from; visit < from + plan.visits(step, shard); visit++) {
          seen.set((int) order.apply(visits.apply(visit) * plan.shards() + shard));
          ofStep++;
        }
      }
      assertThat(ofStep).isEqualTo(plan.examplesOf(step)).isBetween(1, plan.batchSizeOf(epoch));
      visited += ofStep;
    }
    assertThat(visited).isEqualTo((int) plan.examples());
    assertThat(seen.cardinality()).isEqualTo((int) plan.examples());
  }

  @ParameterizedTest
  @CsvSource({"97, 10, 7, 2", "100, 7, 16, 3", "101, 30, 3, 5", "1009, 1, 64, 1000"})
  void everyEpochOfAGrowingBatchVisitsEveryExampleOnce(long n, int first, int shards, int factor) {
    BatchGrowth growth = new BatchGrowth(factor, List.of(1, 2, 5));
    BatchPlan plan = new BatchPlan(n, first, shards, 42, true, growth);
    List<Integer> passed = List.of(0, 1, 2, 2, 2, 3, 3);
    for (int epoch = 0; epoch < passed.size(); epoch++) {
      assertEpochVisitsAll(plan, epoch);
      double grown = first * Math.pow(factor, passed.get(epoch));
      assertThat(plan.batchSizeOf(epoch)).isEqualTo((int) Math.min((double) n, grown));
      assertThat(plan.epochs(plan.firstStepOf(epoch))).isEqualTo(epoch);
    }
    assertThat(plan.largestBatch()).isEqualTo(plan.batchSizeOf(6));
    assertThat(plan.firstLargestStep()).isEqualTo(plan.firstStepOf(5));
    long seen = 0;
    for (long step = 0; step < plan.firstStepOf(6); step++) {
      seen += plan.examplesOf(step);
      assertThat(plan.stepsFor(seen)).isEqualTo(step + 1);
      assertThat(plan.stepsFor(seen - plan.examplesOf(step) + 1)).isEqualTo(step + 1);
    }
  }

  @Test
  void growthThatCannotBeIsRefused() {
    assertThatThrownBy(() -> new BatchGrowth(2, List.of(3, 3)))
        .hasMessage("growth.milestones = [3, 3]: want numbers of epochs from 1 on, ascending");
    assertThatThrownBy(() -> new BatchGrowth(0, List.of()))
        .hasMessage("growth.factor = 0: want 1 or more");
  }

  @Test
  void unshuffledBatchesAreTheFileInOrder() {
    BatchPlan plan = new BatchPlan(10, 4, 3, 42, false);
    for (long step = 0; step < 3; step++) {
      Set<Long> examples = new HashSet<>();
      for (int shard = 0; shard < 3; shard++) {
        int from = plan.firstVisit(step, shard);
        for (int visit = from; visit < from + plan.visits(step, shard); visit++) {
          examples.add(plan.dataOrder().apply(plan.visitOrder(0, shard).apply(visit) * 3 + shard));
        }
      }
      Set<Long> expected = new HashSet<>();
      for (long e = 4 * step; e < Math.min(10, 4 * step + 4); e++) {
        expected.add(e);
      }
      assertThat(examples).isEqualTo(expected);
    }
  }

  @Test
  void microBatchesDifferByOneExampleAtMost() {
    BatchPlan plan = new BatchPlan(1009, 100, 8, 42, true);
    for (long step = 0; step < plan.stepsOf(0); step++) {
      for (int shard = 0; shard < 8; shard++) {
        int examples = plan.examplesOf(step);
        assertThat(plan.visits(step, shard)).isBetween(examples / 8, (examples + 7) / 8);
      }
    }
  }

  @Test
  void ordersDifferByEpochShardAndSeed() {
    Set<String> orders = new HashSet<>();
    for (long seed = 1; seed <= 2; seed++) {
      for (long epoch = 0; epoch < 3; epoch++) {
        for (int shard = 0; shard < 4; shard++) {
          Permutation order = new BatchPlan(1000, 100, 4, seed, true).visitOrder(epoch, shard);
          orders.add(order.apply(0) + " " + order.apply(1) + " " + order.apply(2));
        }
      }
    }
    assertThat(orders).hasSize(24);
  }

  @Test
  void aShortBatchEndsTheEpoch() {
    BatchPlan plan = new BatchPlan(60_000, 256, 16, 1, true);
    assertThat(plan.stepsOf(0)).isEqualTo(235);
    assertThat(plan.examplesOf(233)).isEqualTo(256);
    assertThat(plan.examplesOf(234)).isEqualTo(96);
    assertThat(plan.examplesOf(235)).isEqualTo(256);
    assertThat(plan.epochOf(235)).isEqualTo(1);
  }

  @Test
  void shardsShareTheRemainder() {
    BatchPlan plan = new BatchPlan(10, 4, 3, 1, true);
    assertThat(new int[] {plan.itemsOf(0), plan.itemsOf(1), plan.itemsOf(2)})
        .containsExactly(4, 3, 3);
    assertThat(new BatchPlan(2, 1, 3, 1, true).itemsOf(2)).isZero();
  }

  @Test
  void countsDoNotOverflow() {
    assertThat(new BatchPlan(Long.MAX_VALUE, 2, 1, 1, true).stepsOf(0)).isEqualTo(1L << 62);
    assertThatThrownBy(() -> new BatchPlan(Long.MAX_VALUE, 1, 2, 1, true).itemsOf(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("shard 0 would hold 4611686018427387904 examples; use more shards than 2");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "15, 1",
    "16, 1",
    "31, 1",
    "32, 2",
    "64, 4",
    "100, 4",
    "256, 16",
    "16384, 1024",
    "1000000, 1024"
  })
  void autoShards(int batchSize, int shards) {
    assertThat(BatchPlan.autoShards(batchSize)).isEqualTo(shards);
  }

  @Test
  void settingsOutOfRange() {
    assertThatThrownBy(() -> new BatchPlan(0, 1, 1, 1, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("examples 0: want 1 to 9223372036854775807");
    assertThatThrownBy(() -> new BatchPlan(1, 0, 1, 1, true))
        .hasMessage("batch-size 0: want 1 to 2147483647");
    assertThatThrownBy(() -> new BatchPlan(1, 1, 65_537, 1, true))
        .hasMessage("shards 65537: want 1 to 65536");
  }
}
