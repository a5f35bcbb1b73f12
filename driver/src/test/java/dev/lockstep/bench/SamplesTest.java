package dev.lockstep.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class SamplesTest {
  @Test
  void middleAndEnds() {
    Samples odd = Samples.of(5, 1, 3);
    assertThat(odd.median()).isEqualTo(3);
    assertThat(odd.min()).isEqualTo(1);
    assertThat(odd.max()).isEqualTo(5);
    assertThat(Samples.of(4, 1, 2, 3).median()).isEqualTo(2.5);
  }

  @Test
  void ratiosArePaired() {
    // The medians of both series are 2, but whenever they met, one was twice the other or half.
    Samples ratios = Samples.ratios(new double[] {2, 1, 4}, new double[] {1, 2, 2});
    assertThat(ratios.median()).isEqualTo(2);
    assertThat(ratios.count()).isEqualTo(3);
  }

  @Test
  void refusals() {
    assertThatThrownBy(Samples::of).hasMessage("no samples");
    assertThatThrownBy(() -> Samples.ratios(new double[2], new double[1]))
        .hasMessage("2 values over 1: want pairs");
  }
}
