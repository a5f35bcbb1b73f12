package dev.lockstep.bits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.data.Shard;
import dev.lockstep.engine.Engine;
import dev.lockstep.engine.LocalEngine;
import dev.lockstep.engine.RankTimes;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.kernel.KernelChoice;
import dev.lockstep.spark.AllReduceEngine;
import dev.lockstep.spark.SparkSettings;
import dev.lockstep.spark.SparkShards;
import dev.lockstep.spark.TreeEngine;
import dev.lockstep.spark.exchange.Hub;
import java.io.IOException;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What engines say of where the time of a round went. */
@Timeout(120)
class RoundTimesTest {
  private static final int STEPS = 12;

  /** Two ranks share three shards: one has two thirds of the work. */
  private static final Cell UNEVEN = new Cell(3 * 4096, 3 * 1024, 3, "sgd", 3, 4);

  private static RoundResult round(Engine engine) {
    RoundResult warm = engine.advance(UNEVEN.start(), new Round(0, STEPS / 2));
    return engine.advance(warm.state(), new Round(STEPS / 2, STEPS / 2));
  }

  private static void assertAddsUp(RoundResult result, int ranks) {
    assertThat(result.times().ranks()).hasSize(ranks);
    assertThat(result.times().steps()).hasSize(STEPS / 2).allMatch(nanos -> nanos > 0);
    long steps = result.times().steps().stream().mapToLong(Long::longValue).sum();
    assertThat((double) steps).isBetween(0.5 * result.nanos(), 1.0 * result.nanos());
    for (RankTimes rank : result.times().ranks()) {
      assertThat(rank.split().compute()).isPositive();
      assertThat(rank.split().exchange()).isNotNegative();
      assertThat(rank.split().waiting()).isNotNegative();
    }
    long first = result.times().ranks().get(0).split().total();
    assertThat((double) first).isBetween(0.9 * steps, 1.1 * steps);
  }

  @Test
  void ofOneThreadAllIsArithmetic() throws IOException {
    List<Shard> shards =
        Shard.read(UNEVEN.source(), UNEVEN.plan(), 0, UNEVEN.shards(), Cell.CLASSES);
    try (Engine engine =
        new LocalEngine(UNEVEN.training(), shards, KernelChoice.of("auto").kernels())) {
      RoundResult result = round(engine);
      assertAddsUp(result, 1);
      RankTimes rank = result.times().ranks().get(0);
      assertThat(rank.split().compute()).isEqualTo(rank.split().total());
    }
  }

  @Test
  void theRankWithMoreWorkComputesLongerAndTheOtherWaits() throws IOException {
    JavaSparkContext spark = TestSpark.open(2);
    SparkShards shards = SparkShards.load(spark, UNEVEN.source(), UNEVEN.plan(), 2, Cell.CLASSES);
    SparkSettings settings = new SparkSettings("auto", 2, 30_000, 60_000, Hub.Listen.ANYWHERE);
    try (Engine allReduce = new AllReduceEngine(spark, UNEVEN.training(), shards, settings);
        Engine tree = new TreeEngine(spark, UNEVEN.training(), shards, settings)) {
      for (Engine engine : List.of(allReduce, tree)) {
        RoundResult result = round(engine);
        engine.rest();
        assertAddsUp(result, 2);
        List<RankTimes> ranks = result.times().ranks();
        boolean isFirst = SparkShards.firstShard(1, 2, UNEVEN.shards()) == 2;
        RankTimes busy = ranks.get(isFirst ? 0 : 1);
        RankTimes idle = ranks.get(isFirst ? 1 : 0);
        assertThat((double) busy.split().compute())
            .as("%s: %s", engine.name(), ranks)
            .isGreaterThan(1.2 * idle.split().compute());
        assertThat(idle.split().waiting()).isGreaterThan(busy.split().waiting());
        assertThat(ranks).allMatch(rank -> rank.place().startsWith("driver on "));
      }
    } finally {
      shards.close();
      spark.stop();
    }
  }
}
