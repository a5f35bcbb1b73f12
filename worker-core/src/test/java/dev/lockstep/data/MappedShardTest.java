package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.fixture.Examples;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shards in a file hold what shards in arrays hold. */
class MappedShardTest {
  private static final Examples EXAMPLES = Examples.draw(101, 70, 300, new SplittableRandom(3));

  /** A file in memory. */
  private static final class Paper implements ScratchFile {
    private final byte[] bytes = new byte[101 * 74];
    private boolean isClosed;

    @Override
    public synchronized void write(ByteBuffer from, long at) {
      from.get(bytes, (int) at, from.remaining());
    }

    @Override
    public ByteBuffer map(long from, int length) {
      return ByteBuffer.wrap(bytes, (int) from, length).slice().asReadOnlyBuffer();
    }

    @Override
    public void close() {
      isClosed = true;
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 0, 1", "8, 0, 8", "8, 3, 5", "128, 0, 128"})
  void holdsWhatArraysHold(int shards, int from, int to) throws IOException {
    BatchPlan plan = new BatchPlan(101, 10, shards, 42, true);
    Paper paper = new Paper();
    List<Shard> mapped =
        Shard.read(EXAMPLES, plan, from, to, 300, range -> ShardRoom.inFile(range, paper));
    List<Shard> expected = Shard.read(EXAMPLES, plan, from, to, 300);
    assertThat(paper.isClosed).isTrue();
    assertThat(mapped)
        .extracting(Shard::index)
        .isEqualTo(expected.stream().map(Shard::index).toList());
    for (int s = 0; s < mapped.size(); s++) {
      assertSame(mapped.get(s), expected.get(s));
    }
    assertThat(FeatureSums.of(mapped)).isEqualTo(FeatureSums.of(expected));
  }

  private static void assertSame(Shard actual, Shard expected) {
    assertThat(actual.items()).isEqualTo(expected.items());
    assertThat(actual.format()).isEqualTo(expected.format());
    for (int item = 0; item < expected.items(); item++) {
      assertThat(actual.label(item)).isEqualTo(expected.label(item));
      assertThat(actual.touch(item)).isEqualTo(expected.touch(item));
      assertThat(bytes(actual, item)).isEqualTo(bytes(expected, item));
    }
  }

  private static byte[] bytes(Shard shard, int item) {
    byte[] array = shard.bytes(item, new byte[70]);
    return Arrays.copyOfRange(array, shard.offset(item), shard.offset(item) + 70);
  }

  @Test
  void whatIsMissingIsNoticed() throws IOException {
    BatchPlan plan = new BatchPlan(101, 10, 4, 42, true);
    for (ShardRoom room :
        List.of(ShardRoom.HEAP, (ShardRoom) range -> ShardRoom.inFile(range, new Paper()))) {
      ShardCutter cutter = new ShardCutter(EXAMPLES, plan, 0, 4, 300, room);
      cutter.read(0, 100);
      assertThatThrownBy(cutter::shards)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("memory: 100 examples came to shards 0 to 4, which have 101");
    }
  }
}
