package dev.lockstep.bits;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.engine.Engine;
import dev.lockstep.spark.Fault;
import dev.lockstep.spark.SparkSettings;
import dev.lockstep.spark.SparkShards;
import dev.lockstep.spark.TreeEngine;
import dev.lockstep.spark.exchange.Hub;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tree engine's other path, for networks whose sums are too many for the driver. */
class TreeShuffleTest {
  /** Seven shards, of which some give nothing to a short last batch. */
  private static final Cell CELL = new Cell(293, 32, 7, "adam", 1, 13);

  private static JavaSparkContext spark;

  @BeforeAll
  static void start() {
    spark = TestSpark.open(4);
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  @ParameterizedTest(name = "{0} ranks")
  @ValueSource(ints = {1, 3, 7})
  void mergingBySliceInAShuffleGivesTheSameBits(int ranks) throws IOException, TimeoutException {
    StageCounter stages = new StageCounter();
    spark.sc().addSparkListener(stages);
    assertThat(run(ranks)).isEqualTo(CELL.reference());
    spark.sc().listenerBus().waitUntilEmpty();
    spark.sc().removeSparkListener(stages);
    // One stage loads the shards; a step is a stage of sums and, behind its shuffle, one of merges.
    assertThat(stages.count).hasValue(1 + 2 * (int) CELL.plan().stepsOf(0));
  }

  @Test
  void theSameBitsAfterAFault() throws IOException {
    spark.sc().conf().set(Fault.KEY, "rank=1,step=4,times=1");
    try {
      assertThat(run(3)).isEqualTo(CELL.reference());
    } finally {
      spark.sc().conf().remove(Fault.KEY);
    }
  }

  private static Cell.Outcome run(int ranks) {
    SparkSettings settings = new SparkSettings("auto", 2, 30_000, 60_000, Hub.Listen.ANYWHERE);
    try (SparkShards shards =
            SparkShards.load(spark, CELL.source(), CELL.plan(), ranks, Cell.CLASSES);
        Engine engine = new TreeEngine(spark, CELL.training(), shards, settings, 0)) {
      return CELL.run(engine, 4);
    }
  }

  /** Counts the stages that Spark begins. */
  private static final class StageCounter extends SparkListener {
    final AtomicInteger count = new AtomicInteger();

    @Override
    public void onStageSubmitted(SparkListenerStageSubmitted event) {
      count.incrementAndGet();
    }
  }
}
