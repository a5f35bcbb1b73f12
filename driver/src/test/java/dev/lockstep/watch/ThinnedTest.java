package dev.lockstep.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class ThinnedTest {
  @Test
  void whatFitsStaysAsItIs() {
    Thinned<Integer> series = Thinned.sampled(4);
    assertThat(series.isEmpty()).isTrue();
    for (int i = 1; i <= 4; i++) {
      series.add(i);
    }
    assertThat(series.items()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void whatIsMoreIsThinnedEvenlyAndTheNewestIsThere() {
    Thinned<Integer> series = Thinned.sampled(4);
    for (int i = 1; i <= 9; i++) {
      series.add(i);
    }
    assertThat(series.items()).containsExactly(4, 8, 9);
    series.add(10);
    assertThat(series.items()).containsExactly(4, 8, 10);
  }

  @Test
  void sumsStayWholeHoweverMuchIsMerged() {
    for (int count : new int[] {1, 7, 8, 9, 100, 4096, 12_345}) {
      Thinned<Long> series = new Thinned<>(8, Long::sum);
      LongStream.rangeClosed(1, count).forEach(series::add);
      assertThat(series.items()).hasSizeLessThanOrEqualTo(8);
      assertThat(series.items().stream().mapToLong(Long::longValue).sum())
          .isEqualTo((long) count * (count + 1) / 2);
    }
  }

  @Test
  void beginsAnewWhenItIsCleared() {
    Thinned<Integer> series = Thinned.sampled(2);
    for (int i = 1; i <= 5; i++) {
      series.add(i);
    }
    series.clear();
    series.add(6);
    series.add(7);
    assertThat(series.items()).containsExactly(6, 7);
  }

  @Test
  void pairsNeedAnEvenCapacity() {
    assertThatThrownBy(() -> Thinned.sampled(3)).hasMessage("capacity 3: want an even number");
  }
}
