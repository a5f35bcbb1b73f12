package dev.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class FeatureSumsTest {
  @Test
  void bytesAreUnsigned() {
    byte[] pixels = {0, 7, (byte) 255, 1, (byte) 128, (byte) 255};
    assertThat(FeatureSums.of(new HeapShard(0, 3, pixels, new int[2])))
        .isEqualTo(
            new ByteSums(2, new long[] {1, 135, 510}, new long[] {1, 49 + 16384, 2 * 65025}));
  }

  @Test
  void anEmptyShardAddsNothing() {
    FeatureSums some = FeatureSums.of(new HeapShard(0, 2, new byte[] {3, 4}, new int[1]));
    FeatureSums none = FeatureSums.of(new HeapShard(1, 2, new byte[0], new int[0]));
    assertThat(some.plus(none)).isEqualTo(some);
    assertThat(none.plus(some)).isEqualTo(some);
  }

  @Test
  void examplesOfAnotherSize() {
    FeatureSums two = FeatureSums.of(new HeapShard(0, 2, new byte[2], new int[1]));
    FeatureSums three = FeatureSums.of(new HeapShard(0, 3, new byte[3], new int[1]));
    assertThatThrownBy(() -> two.plus(three))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "sums over 1 examples of 3 features cannot be added to sums over 1 examples of 2 features");
  }

  @Test
  void arraysThatDoNotBelongTogether() {
    assertThatThrownBy(() -> new ByteSums(1, new long[2], new long[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("sums of 1 examples, 2 features and 3 squares");
    assertThatThrownBy(() -> new ByteSums(-1, new long[2], new long[2]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** However examples are cut into shards, and in whatever order those are added. */
  @Property(seed = "1", tries = 50)
  void noCutAndNoOrderMatters(
      @ForAll @IntRange(min = 1, max = 60) int shards, @ForAll boolean isShuffled)
      throws IOException {
    SyntheticDigits digits = new SyntheticDigits(60, 1, Split.TRAIN);
    FeatureSums whole =
        FeatureSums.of(Shard.read(digits, new BatchPlan(60, 7, 1, 1, false), 0, 1, 10));
    BatchPlan plan = new BatchPlan(60, 7, shards, shards, isShuffled);
    List<FeatureSums> parts =
        Shard.read(digits, plan, 0, shards, 10).stream().map(FeatureSums::of).toList();
    int start = new SplittableRandom(shards).nextInt(shards);
    FeatureSums turned =
        IntStream.range(0, shards)
            .mapToObj(s -> parts.get((start + s) % shards))
            .reduce((a, b) -> b.plus(a))
            .orElseThrow();
    assertThat(turned).isEqualTo(whole).hasSameHashCodeAs(whole);
    assertThat(FeatureSums.of(Shard.read(digits, plan, 0, shards, 10))).isEqualTo(whole);
  }

  @Test
  void equalMeansEqualInEveryPart() {
    FeatureSums sums = new ByteSums(2, new long[] {1}, new long[] {3});
    assertThat(sums)
        .isNotEqualTo(new ByteSums(3, new long[] {1}, new long[] {3}))
        .isNotEqualTo(new ByteSums(2, new long[] {2}, new long[] {3}))
        .isNotEqualTo(new ByteSums(2, new long[] {1}, new long[] {4}));
  }
}
