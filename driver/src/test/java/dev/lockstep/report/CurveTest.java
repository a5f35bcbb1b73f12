package dev.lockstep.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class CurveTest {
  private static double most(List<double[]> points) {
    return points.stream().mapToDouble(point -> point[1]).max().orElseThrow();
  }

  @Test
  void fewPointsStayAsTheyAre() {
    Curve curve = new Curve();
    for (int x = 1; x <= Curve.MOST; x++) {
      curve.add(x, 3 * x);
    }
    assertThat(curve.points()).hasSize(Curve.MOST);
    assertThat(curve.points().get(41)).containsExactly(42, 126);
  }

  @Test
  void manyPointsBecomeFewAndNoPeakIsLost() {
    Curve curve = new Curve();
    for (int x = 1; x <= 1_000_000; x++) {
      curve.add(x, x == 654_321 ? 99 : Math.sin(x));
    }
    assertThat(curve.points().size()).isBetween(Curve.MOST / 2, 2 * Curve.MOST);
    assertThat(most(curve.points())).isEqualTo(99);
    List<double[]> points = curve.points();
    assertThat(points.get(points.size() - 1)[0]).isEqualTo(1_000_000);
  }

  @Test
  void aSmoothLineKeepsAStraightOneAndQuietensNoise() {
    Curve straight = new Curve();
    Curve noisy = new Curve();
    for (int x = 0; x < 500; x++) {
      straight.add(x, 2 * x);
      noisy.add(x, x % 2 == 0 ? 1 : -1);
    }
    for (double[] point : straight.smooth()) {
      assertThat(point[1]).isCloseTo(2 * point[0], within(1e-9));
    }
    assertThat(Math.abs(noisy.smooth().get(250)[1])).isLessThan(0.1);
  }

  @Test
  void whatIsNoNumberIsLeftOut() {
    Curve curve = new Curve();
    curve.add(1, Double.NaN);
    curve.add(2, Double.POSITIVE_INFINITY);
    assertThat(curve.isEmpty()).isTrue();
  }
}
