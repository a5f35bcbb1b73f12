package dev.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.data.Access;
import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleReader;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Holdout;
import dev.lockstep.data.Shard;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticDigits;
import java.io.IOException;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same shards by way of a shuffle as by picking, and one reading of what is stored. */
class ShardShuffleTest {
  private static final SyntheticDigits DIGITS = new SyntheticDigits(3001, 1, Split.TRAIN);

  private static JavaSparkContext spark;

  /** Digits as if they were stored where nobody can pick. */
  private record Elsewhere(SyntheticDigits digits, Access access) implements ExampleSource {
    @Override
    public String name() {
      return digits.name();
    }

    @Override
    public long examples() {
      return digits.examples();
    }

    @Override
    public int features() {
      return digits.features();
    }

    @Override
    public ExampleReader open(long first) {
      return digits.open(first);
    }
  }

  @BeforeAll
  static void open() {
    spark =
        new JavaSparkContext(
            new SparkConf()
                .setMaster("local[2]")
                .setAppName("shuffle")
                .set("spark.ui.enabled", "false")
                .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .set("spark.kryo.registrator", SparkKryoRegistrator.class.getName())
                .set("spark.kryo.registrationRequired", "true"));
    spark.setLogLevel("OFF");
  }

  @AfterAll
  static void close() {
    spark.close();
  }

  @ParameterizedTest
  @CsvSource({
    "RANGES, 1, true",
    "RANGES, 3, true",
    "RANGES, 8, false",
    "SEQUENTIAL, 1, true",
    "SEQUENTIAL, 3, true",
    "SEQUENTIAL, 8, false"
  })
  void theSameShardsAsWhenEachRankPicks(Access access, int ranks, boolean shuffled)
      throws IOException {
    BatchPlan plan = new BatchPlan(3001, 100, 8, 42, shuffled);
    assertSame(new Elsewhere(DIGITS, access), plan, ranks);
  }

  @Test
  void theSameShardsOfAPart() throws IOException {
    Holdout holdout = Holdout.of(new Elsewhere(DIGITS, Access.RANGES), 0.3, 42, true);
    BatchPlan plan = new BatchPlan(holdout.training().examples(), 100, 8, 42, true);
    assertSame(holdout.training(), plan, 3);
  }

  private static void assertSame(ExampleSource source, BatchPlan plan, int ranks)
      throws IOException {
    List<Shard> expected = Shard.read(source, plan, 0, 8, 10);
    try (SparkShards shards = SparkShards.load(spark, source, plan, ranks, 10)) {
      List<RankShards> held = shards.partitions().collect();
      assertThat(held).extracting(RankShards::rank).hasSize(ranks).isSorted();
      assertThat(held.stream().flatMap(rank -> rank.shards().stream()).toList())
          .isEqualTo(expected);
    }
  }

  @Test
  void everyShardHasTheRankThatBeginsBeforeIt() {
    for (int shards : new int[] {1, 2, 7, 64}) {
      for (int ranks = 1; ranks <= shards; ranks++) {
        for (int rank = 0; rank < ranks; rank++) {
          int end = SparkShards.firstShard(rank + 1, ranks, shards);
          for (int s = SparkShards.firstShard(rank, ranks, shards); s < end; s++) {
            assertThat(SparkShards.rankOf(s, ranks, shards)).isEqualTo(rank);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"RANGES", "SEQUENTIAL"})
  void badLabelsAreDataErrors(Access access) {
    BatchPlan plan = new BatchPlan(3001, 100, 8, 42, true);
    assertThatThrownBy(() -> SparkShards.load(spark, new Elsewhere(DIGITS, access), plan, 2, 9))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("has label 9, but the network has 9 outputs");
  }
}
