package dev.lockstep.train;

import dev.lockstep.data.BatchPlan;
import dev.lockstep.engine.LayerHealth;
import dev.lockstep.engine.Monitors;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.StepRecord;
import java.io.PrintStream;
import java.time.Duration;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;

/**
 * Tells how a run goes, on stderr: on a terminal a bar with the remaining time, else a line at the
 * end of an epoch and every now and then.
 */
final class Progress implements TrainingListener, AutoCloseable {
  private static final Duration LINE_EVERY = Duration.ofSeconds(10);
  private static final int WIDTH = 110;

  private final PrintStream err;
  private final ProgressBar bar;
  private final long steps;
  private final BatchPlan plan;
  private final long begun = System.nanoTime();
  private final long firstStep;
  private long lastLine = System.nanoTime();
  private final Set<String> warned = new HashSet<>();
  private volatile double rate;

  Progress(PrintStream err, boolean isTerminal, long firstStep, long steps, BatchPlan plan) {
    this.err = err;
    this.firstStep = firstStep;
    this.steps = steps;
    this.plan = plan;
    this.bar = isTerminal ? bar(err, firstStep, steps) : null;
  }

  private static ProgressBar bar(PrintStream err, long firstStep, long steps) {
    return new ProgressBarBuilder()
        .setTaskName("train")
        .setInitialMax(steps)
        .startsFrom(firstStep, Duration.ZERO)
        .setStyle(ProgressBarStyle.ASCII)
        .setUpdateIntervalMillis(200)
        .setConsumer(new ConsoleProgressBarConsumer(err, WIDTH))
        .build();
  }

  /** Moves the bar; any thread may call this. */
  void onStep(StepRecord step) {
    if (bar != null) {
      bar.stepTo(step.step());
      bar.setExtraMessage(
          String.format(
              Locale.ROOT, "epoch %d  loss %.4f  %,.0f/s", step.epoch(), step.loss(), rate));
    }
  }

  @Override
  public void onRound(RoundResult result, Milestone milestone) {
    StepRecord last = result.records().get(result.records().size() - 1);
    rate = result.samplesPerSecond();
    onStep(last);
    if (bar == null) {
      line(last, result.state().monitors(), milestone);
    }
    milestone.health().forEach(this::warn);
  }

  /** Says once of each layer and figure what is wrong. */
  private void warn(LayerHealth layer) {
    layer
        .warning()
        .filter(warning -> warned.add(layer.index() + layer.activity().figure()))
        .ifPresent(err::println);
  }

  private static String of(Milestone milestone) {
    return milestone
        .validation()
        .map(
            v ->
                String.format(
                    Locale.ROOT,
                    "  validation loss %.4f accuracy %.4f",
                    v.meanLoss(),
                    v.accuracy()))
        .orElse("");
  }

  private void line(StepRecord last, Monitors monitors, Milestone milestone) {
    double loss = monitors.epoch().meanLoss();
    String message =
        String.format(
            Locale.ROOT, "epoch %d  loss %.4f%s  %,.0f/s", last.epoch(), loss, of(milestone), rate);
    long now = System.nanoTime();
    boolean isEpochEnd = plan.isFirstOfEpoch(last.step());
    boolean isValidated = milestone.validation().isPresent();
    if (isEpochEnd
        || isValidated
        || last.step() == steps
        || now - lastLine >= LINE_EVERY.toNanos()) {
      lastLine = now;
      err.printf(
          Locale.ROOT, "step %d/%d  %s  %s left%n", last.step(), steps, message, left(last.step()));
    }
  }

  private String left(long step) {
    double seconds = (System.nanoTime() - begun) / 1e9;
    double left = seconds / Math.max(1, step - firstStep) * (steps - step);
    return String.format(Locale.ROOT, "%.0f s", left);
  }

  @Override
  public void close() {
    if (bar != null) {
      bar.close();
    }
  }
}
