package dev.lockstep.train;

import dev.lockstep.config.RunConfig;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.engine.Training;
import dev.lockstep.storage.Storage;
import dev.lockstep.watch.RunDescription;
import dev.lockstep.watch.RunEnd;
import dev.lockstep.watch.RunWatcher;
import dev.lockstep.watch.RunWatchers;
import dev.lockstep.watch.TensorBoardLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Those who watch a run, from its beginning to its end. */
final class Watch implements TrainingListener, AutoCloseable {
  private final RunWatchers watchers;

  private Watch(RunWatchers watchers) {
    this.watchers = watchers;
  }

  /**
   * Lets all who would watch a run hear that it begins.
   *
   * @param name of the run, for people
   * @param firstStep steps that were done before
   * @param directory where it is; empty for a run that leaves no files
   * @param messages takes sentences for the user
   */
  static Watch begin(
      ResolvedRun run,
      String name,
      Compute compute,
      long firstStep,
      Optional<Storage> directory,
      Consumer<String> messages) {
    RunDescription description = describe(run, name, compute, firstStep);
    List<RunWatcher> all = new ArrayList<>(compute.watchers(description));
    directory
        .filter(there -> run.config().tensorBoard())
        .ifPresent(there -> all.add(new TensorBoardLog(there, description)));
    return new Watch(new RunWatchers(all, messages));
  }

  private static RunDescription describe(
      ResolvedRun run, String name, Compute compute, long firstStep) {
    RunConfig config = run.config();
    Training training = compute.training();
    return new RunDescription(
        name,
        compute.engine().name(),
        compute.engine().ranks(),
        training.plan().shards(),
        run.kernel().kernels().name(),
        config.seed(),
        run.train().examples(),
        config.batchSize(),
        training.network().layout().parameters(),
        training.network().inputs(),
        config.layers(),
        config.loss().name(),
        config.optimizer().rule().name(),
        config.learningRate(),
        firstStep,
        config.totalSteps(training.plan()),
        (long) Math.ceil(training.plan().epochs(config.totalSteps(training.plan()))),
        Version.text());
  }

  /** Any thread may call this. */
  void onStep(StepRecord step) {
    watchers.onStep(step);
  }

  @Override
  public void onRound(RoundResult result, Milestone milestone) {
    watchers.onRound(result, milestone.validation(), milestone.health());
  }

  /** The run came to its end. */
  void finished(Compute.Scores scores) {
    watchers.onEnd(RunEnd.finished(scores.train(), scores.test()));
  }

  /**
   * The run was ended in the middle.
   *
   * @param exit an {@link ExitCode}
   * @param message why
   */
  void ended(int exit, String message) {
    RunEnd.Status status =
        exit > ExitCode.SIGNAL_BASE
            ? RunEnd.Status.INTERRUPTED
            : exit == ExitCode.DIVERGED ? RunEnd.Status.DIVERGED : RunEnd.Status.FAILED;
    watchers.onEnd(RunEnd.early(status, message));
  }

  @Override
  public void close() {
    watchers.close();
  }
}
