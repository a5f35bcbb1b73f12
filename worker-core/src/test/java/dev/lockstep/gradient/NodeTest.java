package dev.lockstep.gradient;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NodeTest {
  @Property(seed = "8")
  void rootCoversAllShardsAndNoSmallerNodeDoes(@ForAll @IntRange(min = 1, max = 70) int shards) {
    Node root = Node.root(shards);
    assertThat(root.from()).isZero();
    assertThat(root.to(shards)).isEqualTo(shards);
    if (shards > 1) {
      assertThat(root.left().to(shards)).isLessThan(shards);
    }
  }

  /** The rule of the design: [lo, hi) splits at lo plus the largest power of two below hi - lo. */
  @Property(seed = "8")
  void splitsAtTheLargestPowerOfTwo(@ForAll @IntRange(min = 2, max = 70) int shards) {
    assertSplits(Node.root(shards), shards);
  }

  private static void assertSplits(Node node, int shards) {
    int lo = node.from();
    int hi = node.to(shards);
    if (hi - lo < 2) {
      return;
    }
    Node fork = node;
    while (fork.right().from() >= hi) {
      fork = fork.left();
    }
    int split = lo + Integer.highestOneBit(hi - lo - 1);
    assertThat(fork.left().from()).isEqualTo(lo);
    assertThat(fork.left().to(shards)).isEqualTo(split);
    assertThat(fork.right().from()).isEqualTo(split);
    assertThat(fork.right().to(shards)).isEqualTo(hi);
    assertSplits(fork.left(), shards);
    assertSplits(fork.right(), shards);
  }

  @Property(seed = "8")
  void parentAndSiblingsAgree(
      @ForAll @IntRange(max = 8) int level, @ForAll @IntRange(max = 100) int index) {
    Node node = new Node(level, index);
    assertThat(node.left().parent()).isEqualTo(node);
    assertThat(node.right().parent()).isEqualTo(node);
    assertThat(node.left().sibling()).isEqualTo(node.right());
    assertThat(node.right().sibling()).isEqualTo(node.left());
  }

  /** Every range of every tree, against the fewest nodes that a search over all nodes finds. */
  @Test
  void coverTakesTheFewestNodesInAscendingOrder() {
    for (int shards = 1; shards <= 40; shards++) {
      for (int from = 0; from <= shards; from++) {
        for (int to = from; to <= shards; to++) {
          List<Node> cover = Node.cover(from, to, shards);
          int at = from;
          for (Node node : cover) {
            assertThat(node.from()).isEqualTo(at);
            at = node.to(shards);
          }
          assertThat(at).isEqualTo(to);
          assertThat(cover)
              .as("[%s, %s) of %s", from, to, shards)
              .hasSize(fewest(from, to, shards))
              .isSorted();
        }
      }
    }
  }

  private static int fewest(int from, int to, int shards) {
    int[] fewest = new int[to + 1];
    Arrays.fill(fewest, Integer.MAX_VALUE);
    fewest[from] = 0;
    for (int at = from; at < to; at++) {
      for (int level = 0; level <= Node.root(shards).level(); level++) {
        Node node = new Node(level, at >> level);
        int end = node.to(shards);
        if (node.from() == at && end <= to) {
          fewest[end] = Math.min(fewest[end], fewest[at] + 1);
        }
      }
    }
    return fewest[to];
  }
}
