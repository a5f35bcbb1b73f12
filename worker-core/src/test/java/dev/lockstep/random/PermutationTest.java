package dev.lockstep.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermutationTest {
  @Test
  void isABijectionWithItsInverseForEverySmallSize() {
    for (int n = 1; n <= 200; n++) {
      for (long seed = 0; seed < 5; seed++) {
        assertBijection(of(n, seed));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1023, 1024, 1025, 60_000, 1_000_003})
  void isABijectionForLargeSizes(int n) {
    assertBijection(of(n, 1));
  }

  private static void assertBijection(Permutation order) {
    BitSet seen = new BitSet();
    for (int p = 0; p < order.size(); p++) {
      long item = order.apply(p);
      assertThat(item).isBetween(0L, order.size() - 1);
      assertThat(order.inverse(item)).isEqualTo(p);
      seen.set((int) item);
    }
    assertThat(seen.cardinality()).isEqualTo((int) order.size());
  }

  @ParameterizedTest
  @ValueSource(longs = {(1L << 31) + 1, 1L << 32, (1L << 32) + 1, (1L << 50) - 27, Long.MAX_VALUE})
  void invertsWhereNothingCouldBeStored(long n) {
    Permutation order = of(n, 1);
    for (long p : new long[] {0, 1, 12_345, n / 3, n / 2, n - 2, n - 1}) {
      assertThat(order.apply(p)).isBetween(0L, n - 1);
      assertThat(order.inverse(order.apply(p))).isEqualTo(p);
      assertThat(order.apply(order.inverse(p))).isEqualTo(p);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 7, 60_000, Long.MAX_VALUE})
  void identityMovesNothing(long n) {
    Permutation order = Permutation.identity(n);
    for (long p : new long[] {0, n / 2, n - 1}) {
      assertThat(order.apply(p)).isEqualTo(p);
      assertThat(order.inverse(p)).isEqualTo(p);
    }
  }

  @Test
  void everyPartOfTheKeyCounts() {
    assertThat(
            List.of(
                items(Permutation.of(50, 1, Purpose.DATA_ORDER, 0, 0)),
                items(Permutation.of(50, 1L << 32 | 1, Purpose.DATA_ORDER, 0, 0)),
                items(Permutation.of(50, 2, Purpose.DATA_ORDER, 0, 0)),
                items(Permutation.of(50, 1, Purpose.EPOCH_ORDER, 0, 0)),
                items(Permutation.of(50, 1, Purpose.DATA_ORDER, 1, 0)),
                items(Permutation.of(50, 1, Purpose.DATA_ORDER, 0, 1))))
        .doesNotHaveDuplicates();
    assertThat(items(of(50, 1))).isEqualTo(items(of(50, 1)));
  }

  /** Chi-squared over all pairs (position, item); its 99.99th percentile at 361 degrees is 468. */
  @Test
  void putsEveryItemEverywhereAboutAsOften() {
    int n = 20;
    int orders = 20_000;
    int[][] counts = new int[n][n];
    for (int seed = 0; seed < orders; seed++) {
      Permutation order = of(n, seed);
      for (int p = 0; p < n; p++) {
        counts[p][(int) order.apply(p)]++;
      }
    }
    double expected = (double) orders / n;
    double chiSquared = 0;
    for (int[] row : counts) {
      for (int count : row) {
        chiSquared += (count - expected) * (count - expected) / expected;
      }
    }
    assertThat(chiSquared).isLessThan(468);
  }

  @Test
  void givesEveryOrderOfFourAboutAsOften() {
    Map<List<Long>, Integer> counts = new HashMap<>();
    for (int seed = 0; seed < 24_000; seed++) {
      counts.merge(items(of(4, seed)), 1, Integer::sum);
    }
    assertThat(counts).hasSize(24);
    assertThat(counts.values()).allSatisfy(count -> assertThat(count).isBetween(850, 1150));
  }

  @Test
  void neighboursAreTornApart() {
    Permutation order = of(60_000, 1);
    int near = 0;
    for (long p = 1; p < order.size(); p++) {
      near += Math.abs(order.apply(p) - order.apply(p - 1)) <= 300 ? 1 : 0;
    }
    assertThat(near).isBetween(450, 750);
  }

  @Test
  void indexOutOfRange() {
    Permutation order = of(5, 1);
    assertThatThrownBy(() -> order.apply(5))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("index 5 of a permutation of 5");
    assertThatThrownBy(() -> order.inverse(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    assertThatThrownBy(() -> of(-1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a permutation of -1 items: want 0 or more");
  }

  private static Permutation of(long n, long seed) {
    return Permutation.of(n, seed, Purpose.DATA_ORDER, 0, 0);
  }

  private static List<Long> items(Permutation order) {
    return LongStream.range(0, order.size()).map(order::apply).boxed().toList();
  }
}
