package dev.lockstep.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.codahale.metrics.MetricRegistry;
import java.util.List;
import java.util.Optional;
import org.apache.spark.SparkConf;
import org.apache.spark.metrics.MetricsSystem;
import org.junit.jupiter.api.Test;

final class RunMetricsTest {
  private final MetricsSystem system =
      MetricsSystem.createMetricsSystem("driver", new SparkConf(false));

  private static Object gauge(RunMetrics metrics, String name) {
    MetricRegistry registry = metrics.metricRegistry();
    return registry.getGauges().get(name).getValue();
  }

  @Test
  void showsTheNewestFigures() {
    try (RunMetrics metrics = new RunMetrics(system)) {
      assertThat(gauge(metrics, "loss")).isEqualTo(Double.NaN);
      metrics.onRound(Rounds.round(1, 5), Optional.empty(), List.of());
      metrics.onStep(Rounds.step(8));
      assertThat(gauge(metrics, "step")).isEqualTo(8L);
      assertThat(gauge(metrics, "epoch")).isEqualTo(1L);
      assertThat(gauge(metrics, "loss")).isEqualTo(1.0 / 8);
      assertThat(gauge(metrics, "learning_rate")).isEqualTo(0.05);
      assertThat(gauge(metrics, "grad_norm")).isEqualTo(2.0 / 8);
      assertThat(gauge(metrics, "samples_per_second")).isEqualTo(32_000.0);
      assertThat(gauge(metrics, "compute_millis")).isEqualTo(0.7);
      assertThat(gauge(metrics, "exchange_millis")).isEqualTo(0.1);
      assertThat(gauge(metrics, "wait_millis")).isEqualTo(0.2);
      var histogram = metrics.metricRegistry().getHistograms().get("step_micros");
      assertThat(histogram.getCount()).isEqualTo(5);
      assertThat(histogram.getSnapshot().getMedian()).isEqualTo(1000);
    }
  }

  @Test
  void runsAtTheSameTimeHaveNamesOfTheirOwnAndLeaveNoneBehind() {
    RunMetrics first = new RunMetrics(system);
    RunMetrics second = new RunMetrics(system);
    assertThat(first.sourceName()).isEqualTo("lockstep");
    assertThat(second.sourceName()).isEqualTo("lockstep2");
    assertThat(system.getSourcesByName("lockstep").size()).isEqualTo(1);
    first.close();
    assertThat(system.getSourcesByName("lockstep").size()).isZero();
    try (RunMetrics third = new RunMetrics(system)) {
      assertThat(third.sourceName()).isEqualTo("lockstep");
    }
    second.close();
    assertThat(system.getSourcesByName("lockstep2").size()).isZero();
  }
}
