package dev.lockstep.watch;

import dev.lockstep.engine.LayerHealth;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.metric.Evaluation;
import dev.lockstep.storage.Storage;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The figures of a run in the files of TensorBoard, {@code tensorboard/events.out.tfevents.…} in
 * the run directory. A run that goes on begins a file of its own, and tells TensorBoard to forget
 * what the last one says of the steps that are taken again. Of very many steps some 10,000 are
 * written.
 *
 * <p>Files are written by a thread of its own, and flushed after each round; HDFS and object stores
 * show them once the run has ended.
 */
public final class TensorBoardLog implements RunWatcher {
  /** Where the files are, within a run directory. */
  public static final String DIRECTORY = "tensorboard";

  private static final long MOST_STEPS = 10_000;
  private static final long CLOSE_SECONDS = 60;

  private final Storage storage;
  private final long every;
  private final long epochsEvery;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "lockstep-tensorboard");
            thread.setDaemon(true);
            return thread;
          });

  /** Only the thread that writes touches it. */
  private OutputStream out;

  private volatile IOException failure;
  private long lastStep;

  /** Some writing. */
  private interface Act {
    void to(OutputStream out) throws IOException;
  }

  /**
   * The files of a run that begins or goes on now.
   *
   * @param storage the run directory
   */
  public TensorBoardLog(Storage storage, RunDescription run) {
    this.storage = storage;
    this.every = Math.max(1, run.steps() / MOST_STEPS);
    this.epochsEvery = Math.max(1, run.epochs() / MOST_STEPS);
    this.lastStep = run.firstStep();
    double now = seconds();
    String name =
        String.format(
            Locale.ROOT, "events.out.tfevents.%010d.step-%010d", (long) now, run.firstStep());
    writer.execute(() -> create(name));
    queue(
        file -> {
          EventFile.writeHead(file, now);
          EventFile.writeRestart(file, now, run.firstStep() + 1);
        });
  }

  private static double seconds() {
    return System.currentTimeMillis() / 1e3;
  }

  private void create(String name) {
    try {
      out = new BufferedOutputStream(storage.create(DIRECTORY + "/" + name));
    } catch (IOException e) {
      failure = e;
    }
  }

  private void write(Act act) {
    if (failure != null) {
      throw new UncheckedIOException(failure);
    }
    queue(act);
  }

  private void queue(Act act) {
    writer.execute(
        () -> {
          if (failure == null) {
            try {
              act.to(out);
              out.flush();
            } catch (IOException e) {
              failure = e;
            }
          }
        });
  }

  @Override
  public void onRound(
      RoundResult result, Optional<Evaluation> validation, List<LayerHealth> health) {
    double now = seconds();
    StepRecord last = result.records().get(result.records().size() - 1);
    lastStep = last.step();
    boolean isLookedAt = validation.isPresent() || !health.isEmpty();
    boolean isKept = isLookedAt && last.epoch() % epochsEvery == 0;
    Map<String, Double> round = new LinkedHashMap<>();
    pace(round, Pace.of(result));
    if (isKept) {
      round.put("train/epoch_loss", result.state().monitors().epoch().meanLoss());
      scores(round, "validation", Scores.of(validation));
      health.forEach(layer -> layer(round, LayerPoint.of(layer)));
    }
    boolean isTold = isKept || isMultiple(result.records());
    write(
        file -> {
          steps(file, result, now);
          if (isTold) {
            EventFile.writeScalars(file, now, last.step(), round);
          }
        });
  }

  /** Whether the steps have one of those that are written. */
  private boolean isMultiple(List<StepRecord> records) {
    long first = records.get(0).step();
    long last = records.get(records.size() - 1).step();
    return last / every > (first - 1) / every;
  }

  /** Each step at the time at which it ended. */
  private void steps(OutputStream file, RoundResult result, double end) throws IOException {
    List<Long> nanos = result.times().steps();
    double at = end - nanos.stream().mapToLong(Long::longValue).sum() / 1e9;
    for (int s = 0; s < result.records().size(); s++) {
      at += s < nanos.size() ? nanos.get(s) / 1e9 : 0;
      StepRecord step = result.records().get(s);
      if (step.step() % every == 0) {
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("train/loss", step.loss());
        figures.put("train/learning_rate", step.learningRate());
        figures.put("train/grad_norm", step.gradNorm());
        EventFile.writeScalars(file, at, step.step(), figures);
      }
    }
  }

  private static void pace(Map<String, Double> figures, Pace pace) {
    figures.put("time/samples_per_second", pace.samplesPerSecond());
    figures.put("time/compute_ms", pace.millisPerStep(pace.compute()));
    figures.put("time/exchange_ms", pace.millisPerStep(pace.exchange()));
    figures.put("time/wait_ms", pace.millisPerStep(pace.waiting()));
  }

  private static void scores(Map<String, Double> figures, String set, Scores scores) {
    put(figures, set + "/loss", scores.loss());
    put(figures, set + "/accuracy", scores.accuracy());
  }

  private static void layer(Map<String, Double> figures, LayerPoint layer) {
    String name = "%02d %s".formatted(layer.index(), layer.layer());
    String tag = "layers/%s/".formatted(name.replaceAll("[^A-Za-z0-9_.-]+", "_"));
    put(figures, tag + "weight_norm", layer.weightNorm());
    put(figures, tag + "gradient_norm", layer.gradientNorm());
    put(figures, tag + "update_ratio", layer.updateRatio());
    put(figures, tag + layer.activity(), layer.fraction());
  }

  private static void put(Map<String, Double> figures, String tag, double figure) {
    if (!Double.isNaN(figure)) {
      figures.put(tag, figure);
    }
  }

  @Override
  public void onEnd(RunEnd end) {
    Map<String, Double> figures = new LinkedHashMap<>();
    end.train().ifPresent(train -> scores(figures, "model/train", Scores.of(end.train())));
    end.test().ifPresent(test -> scores(figures, "model/test", Scores.of(end.test())));
    if (!figures.isEmpty()) {
      double now = seconds();
      write(file -> EventFile.writeScalars(file, now, lastStep, figures));
    }
  }

  /** Waits until what was told is written. */
  @Override
  public void close() {
    writer.execute(this::closeFile);
    writer.shutdown();
    try {
      writer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeFile() {
    if (out == null) {
      return;
    }
    try {
      out.close();
    } catch (IOException e) {
      failure = e;
    }
  }
}
