package dev.lockstep.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CriticalBatchTest {
  /** Steps to 97 % of a network somewhere, with the scatter that such counts have. */
  private static final List<double[]> SCATTERED =
      List.of(
          new double[] {32, 3300},
          new double[] {128, 790},
          new double[] {512, 260},
          new double[] {2048, 110},
          new double[] {8192, 71});

  @Test
  void recoversTheLawItself() {
    List<double[]> exact = new ArrayList<>();
    for (double batch = 16; batch < 1e5; batch *= 4) {
      exact.add(new double[] {batch, 55 * (1 + 1234 / batch)});
    }
    CriticalBatch fit = CriticalBatch.fit(exact).orElseThrow();
    assertThat(fit.size()).isCloseTo(1234, within(1e-3));
    assertThat(fit.leastSteps()).isCloseTo(55, within(1e-4));
    assertThat(fit.error()).isLessThan(1e-6);
    assertThat(fit.steps(1234)).isCloseTo(110, within(1e-3));
  }

  /** Against Gauss-Newton's iteration on both parameters, which shares no step with the fit. */
  @Test
  void agreesWithGaussNewton() {
    double logLeast = Math.log(60);
    double logSize = Math.log(1000);
    for (int i = 0; i < 100; i++) {
      double a = 0;
      double b = 0;
      double c = 0;
      double p = 0;
      double q = 0;
      for (double[] point : SCATTERED) {
        double ratio = Math.exp(logSize) / point[0];
        double rest = Math.log(point[1]) - logLeast - Math.log(1 + ratio);
        double slope = ratio / (1 + ratio);
        a += 1;
        b += slope;
        c += slope * slope;
        p += rest;
        q += slope * rest;
      }
      double determinant = a * c - b * b;
      logLeast += (c * p - b * q) / determinant;
      logSize += (a * q - b * p) / determinant;
    }
    CriticalBatch fit = CriticalBatch.fit(SCATTERED).orElseThrow();
    assertThat(fit.size()).isCloseTo(Math.exp(logSize), within(1e-3 * fit.size()));
    assertThat(fit.leastSteps()).isCloseTo(Math.exp(logLeast), within(1e-3 * fit.leastSteps()));
  }

  @Test
  void pointsWithoutABendGiveNone() {
    List<double[]> perfect = new ArrayList<>();
    for (double batch = 32; batch < 5000; batch *= 4) {
      perfect.add(new double[] {batch, 1e5 / batch});
    }
    assertThat(CriticalBatch.fit(perfect)).isEmpty();
    assertThat(CriticalBatch.fit(SCATTERED.subList(0, 2))).isEmpty();
  }
}
