package dev.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticDigits;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.RDDBlockId;
import org.junit.jupiter.api.Test;

/** Shards that executors hold, or cannot. */
class SparkShardsTest {
  private static final SyntheticDigits DIGITS = new SyntheticDigits(4000, 1, Split.TRAIN);
  private static final BatchPlan PLAN = new BatchPlan(4000, 10, 8, 42, true);

  /** As when the executor that held it dies. */
  @Test
  void whatIsLostIsReadAgain() {
    SparkConf conf =
        new SparkConf()
            .setMaster("local[1]")
            .setAppName("lost shards")
            .set("spark.ui.enabled", "false");
    try (JavaSparkContext spark = new JavaSparkContext(conf);
        SparkShards shards = SparkShards.load(spark, DIGITS, PLAN, 2, 10)) {
      assertThat(shards.areHeld()).isTrue();
      spark.env().blockManager().removeBlock(new RDDBlockId(shards.partitions().id(), 1), true);
      assertThat(shards.areHeld()).isFalse();
      shards.restore();
      assertThat(shards.areHeld()).isTrue();
    }
  }

  /** Spark itself would say nothing, and draw the digits anew for every job. */
  @Test
  void noRoomForShards() {
    SparkConf conf =
        new SparkConf()
            .setMaster("local[1]")
            .setAppName("no room")
            .set("spark.ui.enabled", "false")
            .set("spark.testing.reservedMemory", "0")
            .set("spark.testing.memory", "2097152");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      assertThatThrownBy(() -> SparkShards.load(spark, DIGITS, PLAN, 1, 10))
          .isInstanceOf(ClusterException.class)
          .hasMessageStartingWith("no room for the 2 MB of synthetic:digits?n=4000&seed=1")
          .hasMessageContaining("each of 1 ranks holds; give --executor-memory");
    }
  }
}
