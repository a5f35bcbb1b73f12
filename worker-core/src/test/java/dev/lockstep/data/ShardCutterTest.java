package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Shards that are cut in several parts. */
class ShardCutterTest {
  private static final ExampleSource DIGITS = new SyntheticDigits(101, 1, Split.TRAIN);
  private static final BatchPlan PLAN = new BatchPlan(101, 10, 8, 42, true);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 101})
  void partsInAnyOrderMakeTheWhole(int parts) throws IOException {
    ShardCutter cutter = new ShardCutter(DIGITS, PLAN, 0, 8, 10, ShardRoom.HEAP);
    for (int part = parts - 1; part >= 0; part--) {
      cutter.read(101L * part / parts, 101L * (part + 1) / parts);
    }
    assertThat(cutter.shards()).isEqualTo(Shard.read(DIGITS, PLAN, 0, 8, 10));
  }

  @Test
  void aPlainFileCanBeDividedAndGzipCannot() throws IOException {
    ByteSource images = new StoredBytes("images", StoredBytes.idx(12, 0x803, 3, 2, 2));
    ByteSource labels = new StoredBytes("labels", StoredBytes.idx(3, 0x801, 3));
    assertThat(IdxSource.open("plain", images, labels).access()).isEqualTo(Access.RANGES);
    ByteSource zipped =
        new StoredBytes("images.gz", StoredBytes.gzip(StoredBytes.idx(12, 0x803, 3, 2, 2)));
    assertThat(IdxSource.open("gzip", zipped, labels).access()).isEqualTo(Access.SEQUENTIAL);
  }
}
