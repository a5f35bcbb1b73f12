package dev.lockstep.watch;

import com.codahale.metrics.Gauge;
import com.codahale.metrics.Histogram;
import com.codahale.metrics.MetricRegistry;
import dev.lockstep.engine.LayerHealth;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.metric.Evaluation;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.apache.spark.metrics.MetricsSystem;
import org.apache.spark.metrics.source.Source;

/**
 * A run as a source of Spark's metrics system, while it goes: {@code lockstep}, and where several
 * go at the same time in one application {@code lockstep2}, {@code lockstep3}, … for the others.
 */
public final class RunMetrics implements Source, RunWatcher {
  private static final BitSet TAKEN = new BitSet();

  private final MetricRegistry registry = new MetricRegistry();
  private final MetricsSystem system;
  private final int number = take();
  private final Histogram stepMicros = registry.histogram("step_micros");
  private volatile StepPoint now = new StepPoint(0, 0, Double.NaN, Double.NaN, Double.NaN);
  private volatile Pace pace = new Pace(0, 0, 0, 0, 0, 0, 0);
  private volatile Scores validation = Scores.NONE;

  /** Registers a run that begins now. */
  public RunMetrics(MetricsSystem system) {
    this.system = system;
    register("step", () -> now.step());
    register("epoch", () -> now.epoch());
    register("loss", () -> now.loss());
    register("learning_rate", () -> now.learningRate());
    register("grad_norm", () -> now.gradNorm());
    register("samples_per_second", () -> pace.samplesPerSecond());
    registerMillis("compute", Pace::compute);
    registerMillis("exchange", Pace::exchange);
    registerMillis("wait", Pace::waiting);
    register("validation_loss", () -> validation.loss());
    register("validation_accuracy", () -> validation.accuracy());
    system.registerSource(this);
  }

  private void register(String name, Gauge<?> gauge) {
    registry.register(name, gauge);
  }

  private void registerMillis(String part, ToDoubleFunction<Pace> nanos) {
    register(part + "_millis", () -> pace.millisPerStep((long) nanos.applyAsDouble(pace)));
  }

  private static int take() {
    synchronized (TAKEN) {
      int free = TAKEN.nextClearBit(1);
      TAKEN.set(free);
      return free;
    }
  }

  @Override
  public String sourceName() {
    return number == 1 ? "lockstep" : "lockstep" + number;
  }

  @Override
  public MetricRegistry metricRegistry() {
    return registry;
  }

  @Override
  public void onStep(StepRecord step) {
    now = StepPoint.of(step);
  }

  @Override
  public void onRound(
      RoundResult result, Optional<Evaluation> evaluation, List<LayerHealth> health) {
    onStep(result.records().get(result.records().size() - 1));
    pace = Pace.of(result);
    result
        .times()
        .steps()
        .forEach(nanos -> stepMicros.update(TimeUnit.NANOSECONDS.toMicros(nanos)));
    if (evaluation.isPresent()) {
      validation = Scores.of(evaluation);
    }
  }

  @Override
  public void close() {
    system.removeSource(this);
    synchronized (TAKEN) {
      TAKEN.clear(number);
    }
  }
}
