package dev.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.FeatureSums;
import dev.lockstep.data.Holdout;
import dev.lockstep.data.Normalizer;
import dev.lockstep.data.Shard;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticDigits;
import java.io.IOException;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;

/** Sums of features over partitions. */
class SparkFeatureSumsTest {
  /** A part of another source, as a run with a validation part trains on. */
  private static final ExampleSource SOURCE =
      Holdout.of(new SyntheticDigits(500, 1, Split.TRAIN), 0.1, 42, true).training();

  @Test
  void theSameForAnyNumberOfPartitionsAndWithoutSpark() throws IOException {
    BatchPlan plan = new BatchPlan(450, 10, 8, 42, true);
    FeatureSums expected = FeatureSums.of(Shard.read(SOURCE, plan, 0, 8, 10));
    assertThat(expected.count()).isEqualTo(450);
    SparkConf conf =
        new SparkConf()
            .setMaster("local[2]")
            .setAppName("sums")
            .set("spark.ui.enabled", "false")
            .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
            .set("spark.kryo.registrator", SparkKryoRegistrator.class.getName())
            .set("spark.kryo.registrationRequired", "true");
    try (JavaSparkContext spark = new JavaSparkContext(conf)) {
      for (int partitions : new int[] {1, 2, 3, 8}) {
        try (SparkShards shards = SparkShards.load(spark, SOURCE, plan, partitions, 10)) {
          assertThat(shards.ranks()).isEqualTo(partitions);
          FeatureSums sums = SparkFeatureSums.of(shards);
          assertThat(sums).isEqualTo(expected);
          for (Normalizer normalizer : Normalizer.values()) {
            assertThat(normalizer.of(sums)).isEqualTo(normalizer.of(expected));
          }
        }
      }
    }
  }
}
