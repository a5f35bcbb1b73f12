package dev.lockstep.hadoop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.FeatureSums;
import dev.lockstep.data.Shard;
import dev.lockstep.data.ShardRoom;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticDigits;
import dev.lockstep.source.DataSets;
import dev.lockstep.spark.EarlyShards;
import dev.lockstep.spark.SparkFeatureSums;
import dev.lockstep.spark.SparkShards;
import dev.lockstep.storage.Storage;
import dev.lockstep.train.SparkSessions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledForJreRange;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files on HDFS are read once, whatever the number of ranks. */
@DisabledForJreRange(minVersion = 24, disabledReason = "Hadoop 3.4 needs Subject.getSubject")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
final class HdfsShardsTest {
  private static final int EXAMPLES = 6000;
  private static final int RANKS = 4;

  /** What readers take of a file beyond their range: a buffer at its header, a block at the end. */
  private static final long SLACK = RANKS * ((1L << 13) + (1L << 16));

  private static final BatchPlan PLAN = new BatchPlan(EXAMPLES, 256, 16, 42, true);

  @TempDir private static Path directory;
  private static MiniHdfs hdfs;

  @BeforeAll
  static void write() throws IOException {
    hdfs = MiniHdfs.startWatched(directory, 2);
    Digits.write(hdfs.storage("/plain"), EXAMPLES, "");
    Digits.write(hdfs.storage("/zipped"), EXAMPLES, ".gz");
  }

  @AfterAll
  static void stop() {
    hdfs.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/plain", "/zipped"})
  void ranksTogetherReadAFileOnce(String place) throws IOException {
    Storage storage = hdfs.storage(place);
    String images = Digits.IMAGES + (place.equals("/zipped") ? ".gz" : "");
    ExampleSource source = DataSets.open(hdfs.uri(place), Split.TRAIN);
    FeatureSums expected =
        FeatureSums.of(Shard.read(new SyntheticDigits(EXAMPLES, 1, Split.TRAIN), PLAN, 0, 16, 10));
    WatchedHdfs.forgetReads();
    try (JavaSparkContext spark = SparkSessions.open(Optional.of("local[" + RANKS + "]"));
        SparkShards shards = SparkShards.load(spark, source, PLAN, RANKS, 10)) {
      long length = storage.length(images);
      assertThat(WatchedHdfs.bytesRead(images)).isBetween(length, length + SLACK);
      assertThat(SparkFeatureSums.of(shards)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/plain", "/zipped"})
  void threadsOfALocalMasterReadAFileOnce(String place) throws IOException {
    String images = Digits.IMAGES + (place.equals("/zipped") ? ".gz" : "");
    ExampleSource source = DataSets.open(hdfs.uri(place), Split.TRAIN);
    WatchedHdfs.forgetReads();
    try (EarlyShards early = EarlyShards.begin(source, PLAN, 10, ShardRoom.HEAP)) {
      List<Shard> shards = early.await();
      long length = hdfs.storage(place).length(images);
      assertThat(WatchedHdfs.bytesRead(images)).isBetween(length, length + SLACK);
      assertThat(shards)
          .isEqualTo(Shard.read(new SyntheticDigits(EXAMPLES, 1, Split.TRAIN), PLAN, 0, 16, 10));
    }
  }
}
