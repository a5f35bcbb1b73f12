package dev.lockstep.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.bench.Stopwatch.Gap;
import org.junit.jupiter.api.Test;

class StopwatchTest {
  @Test
  void phasesAndGapsAddUpToTheWhole() {
    Stopwatch watch = new Stopwatch();
    long begun = System.nanoTime();
    watch.start();
    long started = System.nanoTime();
    watch.time("a", () -> {});
    watch.time("b", () -> {});
    watch.time("a", () -> {});
    long stopping = System.nanoTime();
    watch.stop();
    long ended = System.nanoTime();

    assertThat(watch.phases()).containsOnlyKeys("a", "b");
    assertThat(watch.gaps())
        .containsOnlyKeys(
            new Gap(Stopwatch.EDGE, "a"),
            new Gap("a", "b"),
            new Gap("b", "a"),
            new Gap("a", Stopwatch.EDGE));
    assertThat(watch.gaps().get(new Gap("a", "b")).times()).isEqualTo(1);
    long sum =
        watch.phases().values().stream().mapToLong(n -> n).sum()
            + watch.gaps().values().stream().mapToLong(Stopwatch.Tally::nanos).sum();
    assertThat(sum).isBetween(stopping - started, ended - begun);
    double split = StepBench.split(watch).values().stream().mapToDouble(n -> n).sum();
    assertThat(split).isEqualTo((double) sum);
  }
}
