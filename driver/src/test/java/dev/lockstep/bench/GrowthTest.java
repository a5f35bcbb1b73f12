package dev.lockstep.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.bench.Growth.Line;
import dev.lockstep.bench.Table.Column;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GrowthTest {
  @ParameterizedTest
  @ValueSource(doubles = {0, 0.5, 1, 2, -1})
  void theExponentOfAPower(double exponent) {
    double small = 7 * Math.pow(3, exponent);
    double large = 7 * Math.pow(100, exponent);
    assertThat(Growth.exponent(3, small, 100, large)).isCloseTo(exponent, within(1e-12));
  }

  @Test
  void aLineThroughItsPoints() {
    Line line = Line.through(new double[] {1, 64, 512}, new double[] {12, 75, 523});
    assertThat(line.fixed()).isCloseTo(11, within(1e-9));
    assertThat(line.each()).isCloseTo(1, within(1e-12));
    assertThat(line.at(100)).isCloseTo(111, within(1e-9));
  }

  @Test
  void aPointCountsByItsRelativeError() {
    // A tenth too much on the largest cost moves the line as little as on the smallest.
    double[] sizes = {1, 1000, 1_000_000};
    Line line = Line.through(sizes, new double[] {2, 1001, 1_100_001});
    for (double size : sizes) {
      assertThat(line.at(size) / (1 + size)).isBetween(0.9, 1.1);
    }
  }

  @Test
  void onePointIsNoLine() {
    assertThatThrownBy(() -> Line.through(new double[] {5, 5}, new double[] {1, 2}))
        .hasMessage("2 sizes and 2 costs: want 2 or more points at different sizes");
  }

  @Test
  void aTableShowsTheExponentSinceTheRowBefore() {
    Growing growing =
        Growing.of(
            "Costs",
            0,
            List.of(
                new Column("n", "n", "%d"),
                new Column("s", "seconds", "%.0f"),
                new Column("each", "each", "%.2f")),
            1);
    growing.add(10, 2.0, 0.2);
    growing.add(100, 20.0, 0.2);
    growing.add(1000, null, null);
    growing.add(2000, 80.0, 0.04);
    growing.add(4000, 320.0, 0.08);
    assertThat(growing.table().text())
        .isEqualTo(
            """
            Costs

            |    n |   s | exponent | each |
            | ---: | --: | -------: | ---: |
            |   10 |   2 |          | 0.20 |
            |  100 |  20 |     1.00 | 0.20 |
            | 1000 |     |          |      |
            | 2000 |  80 |          | 0.04 |
            | 4000 | 320 |     2.00 | 0.08 |
            """);
  }
}
