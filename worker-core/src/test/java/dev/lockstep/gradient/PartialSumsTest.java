package dev.lockstep.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.fixture.Bits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PartialSumsTest {
  private static final int LENGTH = 6;

  @Property(seed = "9")
  void anyGroupingInAnyOrderGivesTheBitsOfTheTree(
      @ForAll @IntRange(min = 1, max = 70) int shards, @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<NodeSum> leaves = drawLeaves(shards, random);
    List<PartialSums> groups = new ArrayList<>();
    for (int g = random.nextInt(shards); g >= 0; g--) {
      groups.add(new PartialSums(shards, 0, LENGTH));
    }
    for (int shard : shuffledShards(shards, random)) {
      groups.get(random.nextInt(groups.size())).add(new Node(0, shard), copy(leaves.get(shard)));
    }
    while (groups.size() > 1) {
      PartialSums one = groups.remove(random.nextInt(groups.size()));
      int other = random.nextInt(groups.size());
      groups.set(other, groups.get(other).merge(one));
    }
    assertSame(groups.get(0).total(), byRecursion(leaves, 0, shards));
    assertThat(groups.get(0).nodes()).containsOnlyKeys(Node.root(shards));
  }

  @Property(seed = "9")
  void ranksThatSendCoversOfContiguousShardsGiveTheSameBits(
      @ForAll @IntRange(min = 1, max = 70) int shards,
      @ForAll @IntRange(min = 1, max = 9) int ranks,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<NodeSum> leaves = drawLeaves(shards, random);
    PartialSums sums = new PartialSums(shards, 0, LENGTH);
    for (int rank : shuffledShards(ranks, random)) {
      int to = shards * (rank + 1) / ranks;
      for (Node node : Node.cover(shards * rank / ranks, to, shards)) {
        sums.add(node, byRecursion(leaves, node.from(), node.to(shards)));
      }
    }
    assertSame(sums.total(), byRecursion(leaves, 0, shards));
  }

  /** Owners of disjoint ranges: with copies of their own, and side by side in the same arrays. */
  @Property(seed = "9")
  void ownersOfDisjointRangesGiveTheBitsOfTheWhole(
      @ForAll @IntRange(min = 1, max = 70) int shards,
      @ForAll @IntRange(max = LENGTH) int cut,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<NodeSum> leaves = drawLeaves(shards, random);
    NodeSum expected = byRecursion(leaves, 0, shards);

    PartialSums ownLow = new PartialSums(shards, 0, cut);
    PartialSums ownHigh = new PartialSums(shards, cut, LENGTH);
    PartialSums low = new PartialSums(shards, 0, cut);
    PartialSums high = new PartialSums(shards, cut, LENGTH);
    for (int shard : shuffledShards(shards, random)) {
      NodeSum leaf = leaves.get(shard);
      PartialSums one = new PartialSums(shards, 0, LENGTH);
      one.add(new Node(0, shard), leaf);
      ownLow.merge(one.copyOf(0, cut));
      ownHigh.merge(one.copyOf(cut, LENGTH));
    }
    for (int shard = 0; shard < shards; shard++) {
      NodeSum shared = copy(leaves.get(shard));
      low.add(new Node(0, shard), shared);
      high.add(new Node(0, shard), shared);
    }
    assertThat(low.total().gradient()).isSameAs(high.total().gradient());
    assertSame(low.total(), expected);
    assertHolds(ownLow.total(), 0, cut, expected);
    assertHolds(ownHigh.total(), cut, LENGTH, expected);
  }

  private static void assertHolds(NodeSum actual, int from, int to, NodeSum expected) {
    assertThat(actual.examples()).isEqualTo(expected.examples());
    Bits.assertSame("loss", actual.loss(), expected.loss());
    if (!expected.isEmpty()) {
      Bits.assertSame(
          "[%d, %d)".formatted(from, to),
          actual.copyOf(from, to).gradient(),
          expected.copyOf(from, to).gradient());
    }
  }

  @Test
  void theTreeIsNotASumFromLeftToRight() {
    List<NodeSum> leaves = drawLeaves(64, new SplittableRandom(10));
    NodeSum fromLeft = copy(leaves.get(0));
    for (NodeSum leaf : leaves.subList(1, 64)) {
      fromLeft = fromLeft.plus(leaf, 0, LENGTH);
    }
    assertThat(fromLeft.gradient()).isNotEqualTo(byRecursion(leaves, 0, 64).gradient());
  }

  @Test
  void mergingWithNothingChangesNoBit() {
    float[] gradient = {-0f, 0f, Float.MIN_VALUE, Float.NaN, Float.NEGATIVE_INFINITY, 1f};
    NodeSum sum = new NodeSum(0, gradient, -0.0, 3);
    assertSame(copy(sum).plus(NodeSum.EMPTY, 0, LENGTH), sum);
    assertSame(NodeSum.EMPTY.plus(copy(sum), 0, LENGTH), sum);
    assertThat(NodeSum.EMPTY.plus(NodeSum.EMPTY, 0, LENGTH).isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 5, 8, 33})
  void refusesANodeTwice(int shards) {
    for (int shard = 0; shard < shards; shard++) {
      PartialSums sums = new PartialSums(shards, 0, LENGTH);
      Node leaf = new Node(0, shard);
      NodeSum sum = new NodeSum(0, new float[LENGTH], 0, 1);
      sums.add(leaf, sum);
      assertThatThrownBy(() -> sums.add(leaf, copy(sum)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("summed twice");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 8, 33})
  void aTotalWithoutOneShardIsRefused(int shards) {
    for (int missing = 0; missing < shards; missing++) {
      PartialSums sums = new PartialSums(shards, 0, LENGTH);
      for (int shard = 0; shard < shards; shard++) {
        if (shard != missing) {
          sums.add(new Node(0, shard), NodeSum.EMPTY);
        }
      }
      assertThatThrownBy(sums::total)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("the sum over %d shards is incomplete".formatted(shards));
    }
  }

  /** The canonical sum, from the rule alone; the leaves are left as they are. */
  private static NodeSum byRecursion(List<NodeSum> leaves, int lo, int hi) {
    if (hi - lo == 1) {
      return copy(leaves.get(lo));
    }
    int split = lo + Integer.highestOneBit(hi - lo - 1);
    NodeSum left = byRecursion(leaves, lo, split);
    NodeSum right = byRecursion(leaves, split, hi);
    if (left.isEmpty() || right.isEmpty()) {
      return left.isEmpty() ? right : left;
    }
    float[] sum = new float[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      sum[i] = left.gradient()[i] + right.gradient()[i];
    }
    return new NodeSum(0, sum, left.loss() + right.loss(), left.examples() + right.examples());
  }

  /** A third of them empty; the others of such sizes that the order of additions shows. */
  private static List<NodeSum> drawLeaves(int shards, SplittableRandom random) {
    List<NodeSum> leaves = new ArrayList<>();
    for (int s = 0; s < shards; s++) {
      float[] gradient = new float[LENGTH];
      for (int i = 0; i < LENGTH; i++) {
        gradient[i] = Math.scalb(random.nextFloat(-1f, 1f), random.nextInt(-6, 6));
      }
      boolean isEmpty = random.nextInt(3) == 0;
      leaves.add(
          isEmpty
              ? NodeSum.EMPTY
              : new NodeSum(0, gradient, random.nextDouble(), random.nextInt(1, 9)));
    }
    return leaves;
  }

  private static NodeSum copy(NodeSum sum) {
    return new NodeSum(sum.base(), sum.gradient().clone(), sum.loss(), sum.examples());
  }

  private static List<Integer> shuffledShards(int count, SplittableRandom random) {
    List<Integer> shards = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      shards.add(s);
    }
    Collections.shuffle(shards, new Random(random.nextLong()));
    return shards;
  }

  private static void assertSame(NodeSum actual, NodeSum expected) {
    assertThat(actual.examples()).isEqualTo(expected.examples());
    Bits.assertSame("loss", actual.loss(), expected.loss());
    Bits.assertSame("gradient", actual.gradient(), expected.gradient());
  }
}
