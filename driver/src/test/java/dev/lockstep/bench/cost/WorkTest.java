package dev.lockstep.bench.cost;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.gradient.Node;
import dev.lockstep.gradient.NodeSum;
import dev.lockstep.gradient.PartialSums;
import dev.lockstep.network.NetworkParser;
import dev.lockstep.network.ParameterLayout;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkTest {
  private static final ParameterLayout LAYOUT =
      NetworkParser.parse(784, List.of("dense 256 relu", "dense 10")).layout();

  @ParameterizedTest
  @CsvSource({
    "3, 64",
    "5, 64",
    "6, 64",
    "7, 64",
    "12, 64",
    "24, 64",
    "48, 64",
    "3, 1024",
    "100, 1024",
    "200, 256",
    "1000, 1024",
    "7, 100",
    "64, 64",
    "1, 1"
  })
  void nodesAreThoseThatAreLeftWhenShardsMerge(int ranks, int shards) {
    Work work = new Work(LAYOUT, shards, shards);
    int all = 0;
    for (int rank = 0; rank < ranks; rank++) {
      PartialSums sums = new PartialSums(shards, 0, 0);
      for (int s = (int) ((long) rank * shards / ranks);
          s < (long) (rank + 1) * shards / ranks;
          s++) {
        sums.add(new Node(0, s), new NodeSum(0, new float[0], 0, 1));
      }
      assertThat(work.nodes(rank, ranks)).isEqualTo(sums.nodes().size());
      assertThat(work.nodes(rank, ranks)).isLessThanOrEqualTo(work.mostNodes(ranks));
      all += sums.nodes().size();
    }
    assertThat(work.meanNodes(ranks)).isEqualTo((double) all / ranks);
  }

  @Test
  void ranksThatDivideTheShardsSendOneNode() {
    for (int ranks = 1; ranks <= 1024; ranks *= 2) {
      assertThat(new Work(LAYOUT, 1024, 1024).mostNodes(ranks)).isEqualTo(1);
    }
  }

  @Test
  void noRangeHasMoreNodesThanTwoALevel() {
    for (int ranks = 1; ranks <= 1024; ranks++) {
      assertThat(new Work(LAYOUT, 1024, 1024).mostNodes(ranks)).isLessThanOrEqualTo(2 * 10 - 2);
    }
  }

  @Test
  void theBusiestRankHasTheMostExamples() {
    // 100 examples over 8 shards: the first four have 13, the others 12.
    Work work = new Work(LAYOUT, 100, 8);
    assertThat(work.examplesOfBusiest(1)).isEqualTo(100);
    assertThat(work.examplesOfBusiest(2)).isEqualTo(52);
    assertThat(work.examplesOfBusiest(3)).isEqualTo(3 * 13 - 1);
    assertThat(work.examplesOfBusiest(8)).isEqualTo(13);
  }

  @Test
  void allFloatsHaveOneOwner() {
    Work work = Work.of(LAYOUT, 1024);
    for (int ranks : new int[] {1, 2, 7, 64}) {
      long owned = IntStream.range(0, ranks).mapToLong(rank -> work.owned(rank, ranks)).sum();
      assertThat(owned).isEqualTo(work.floats());
      Work even = work.withEvenShares();
      long[] shares =
          IntStream.range(0, ranks).mapToLong(rank -> even.owned(rank, ranks)).toArray();
      assertThat(LongStream.of(shares).sum()).isEqualTo(work.floats());
      long least = work.floats() / ranks;
      assertThat(LongStream.of(shares)).allMatch(share -> share == least || share == least + 1);
    }
  }
}
