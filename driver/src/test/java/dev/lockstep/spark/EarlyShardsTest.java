package dev.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.data.DataException;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Holdout;
import dev.lockstep.data.Shard;
import dev.lockstep.data.ShardRoom;
import dev.lockstep.data.Split;
import dev.lockstep.data.SyntheticDigits;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Shards that are read before Spark is there. */
class EarlyShardsTest {
  private static final SyntheticDigits DIGITS = new SyntheticDigits(101, 1, Split.TRAIN);
  private static final BatchPlan PLAN = new BatchPlan(101, 10, 8, 42, true);

  @Test
  void theSameShards() throws IOException {
    List<Shard> expected = Shard.read(DIGITS, PLAN, 0, 8, 10);
    try (EarlyShards early = EarlyShards.begin(DIGITS, PLAN, 10, ShardRoom.HEAP)) {
      assertThat(EarlyShards.find(early.key()).orElseThrow()).isEqualTo(expected);
    }
  }

  /** Its examples come in no order of their index, to each thread some of them. */
  @Test
  void theSameShardsOfAPart() throws IOException {
    ExampleSource part =
        Holdout.of(new SyntheticDigits(500, 1, Split.TRAIN), 0.3, 42, true).training();
    BatchPlan plan = new BatchPlan(350, 10, 8, 42, true);
    List<Shard> expected = Shard.read(part, plan, 0, 8, 10);
    try (EarlyShards early = EarlyShards.begin(part, plan, 10, ShardRoom.HEAP)) {
      assertThat(early.await()).isEqualTo(expected);
    }
  }

  @Test
  void nobodyFindsThemOnceTheyAreClosed() throws IOException {
    EarlyShards early = EarlyShards.begin(DIGITS, PLAN, 10, ShardRoom.HEAP);
    early.close();
    assertThat(EarlyShards.find(early.key())).isEmpty();
  }

  @Test
  void whatIsWrongIsSaidToWhoWaits() throws IOException {
    try (EarlyShards early = EarlyShards.begin(DIGITS, PLAN, 1, ShardRoom.HEAP)) {
      assertThatThrownBy(early::await)
          .isInstanceOf(DataException.class)
          .hasMessageContaining("but the network has 1 outputs");
    }
  }
}
