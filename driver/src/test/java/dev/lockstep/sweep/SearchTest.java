package dev.lockstep.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigOriginFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SearchTest {
  private static final Axis RATE =
      axis("optimizer.learning-rate", new Interval(0.01, 1, true, false));
  private static final Axis DECAY =
      axis("optimizer.weight-decay", new Interval(0, 1, false, false));

  private static Axis axis(String key, Interval interval) {
    return new Axis(key, List.of(), Optional.of(interval), ConfigOriginFactory.newSimple("test"));
  }

  private static double[] values(int trials, long seed, Axis axis) {
    return new Search(true, trials, seed)
        .points(List.of(RATE, DECAY)).stream()
            .mapToDouble(
                point -> ((Number) point.values().get(axis.key()).unwrapped()).doubleValue())
            .toArray();
  }

  /**
   * Of each 16 points of Sobol's sequence one lies in each sixteenth of every axis, turned or not.
   */
  @Test
  void everyPartOfTheIntervalIsTried() {
    for (long seed : new long[] {1, 2, 3}) {
      assertThat(Arrays.stream(values(64, seed, DECAY)).boxed())
          .allMatch(value -> value >= 0 && value < 1);
      int[] quarters = new int[4];
      for (double value : values(64, seed, RATE)) {
        double place = Math.log(value / 0.01) / Math.log(100);
        quarters[(int) Math.min(3, 4 * place)]++;
      }
      for (int count : quarters) {
        assertThat(count).isBetween(15, 17);
      }
    }
  }

  @Test
  void aSeedKeysThePointsAndFewerAreTheFirst() {
    assertThat(values(8, 1, RATE)).isEqualTo(values(8, 1, RATE));
    assertThat(values(8, 1, RATE)).startsWith(values(5, 1, RATE));
    assertThat(values(8, 1, RATE)).isNotEqualTo(values(8, 2, RATE));
    assertThat(values(8, 1, RATE)).doesNotHaveDuplicates();
  }

  @Test
  void pointsOfAGridCanBeRead() {
    Interval doubling = new Interval(0.01, 1.28, true, false);
    for (int p = 0; p < 8; p++) {
      assertThat(doubling.at(p / 7.0)).isEqualTo((1 << p) / 100.0);
    }
    assertThat(new Interval(0, 0.3, false, false).at(2 / 3.0)).isEqualTo(0.2);
  }
}
