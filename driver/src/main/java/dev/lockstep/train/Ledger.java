package dev.lockstep.train;

import dev.lockstep.checkpoint.Checkpoints;
import dev.lockstep.engine.NoiseAverages;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.watch.Pace;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * What of a run is committed: the state after its last complete round, its metrics, its
 * checkpoints. Whatever ends a run in the middle, {@link #save} keeps the last good state.
 *
 * <p>Training does not wait for the disk: one checkpoint is written while rounds go on, and one
 * more may wait for its turn. Where a third comes due, training waits for no more than a twentieth
 * of its time; then the one that has waited is left out. What fails there is thrown at the next
 * call.
 */
final class Ledger implements TrainingListener, AutoCloseable {
  private static final long CLOSE_SECONDS = 60;

  /** What training may wait for the disk at once, and how fast that comes back. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final int PATIENCE_IS_ONE_IN = 20;

  private final RoundPlan plan;
  private final MetricsLog metrics;
  private final Checkpoints checkpoints;
  private final Claim claim;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "lockstep-ledger");
            thread.setDaemon(true);
            return thread;
          });

  /** The state that waits to be saved; null for none. */
  private State due;

  private long patience = PATIENCE_NANOS;
  private long patienceAt = System.nanoTime();

  private volatile Exception failure;
  private volatile long saved;
  private volatile String checkpoint;
  private State committed;
  private long examples;
  private long nanos;

  /**
   * A ledger that begins with a state, the first one or one that was saved.
   *
   * @param checkpoint the file of the one that was saved; empty for the first state
   */
  Ledger(
      RoundPlan plan,
      MetricsLog metrics,
      Checkpoints checkpoints,
      Claim claim,
      State start,
      String checkpoint) {
    this.plan = plan;
    this.metrics = metrics;
    this.checkpoints = checkpoints;
    this.claim = claim;
    this.committed = start;
    this.saved = checkpoint.isEmpty() ? -1 : start.step();
    this.checkpoint = checkpoint;
  }

  @Override
  public void onRound(RoundResult result, Milestone milestone) {
    throwFailure();
    NoiseAverages noise = committed.monitors().noise();
    committed = result.state();
    nanos += result.nanos();
    examples += result.examples();
    // Not the result itself: states are large, and only the newest waits.
    List<StepRecord> records = result.records();
    Pace pace = Pace.of(result);
    writer.execute(() -> metrics.add(records, noise, milestone, pace));
    if (plan.isCheckpoint(committed)) {
      awaitTurn();
      put(committed);
      long step = committed.step();
      writer.execute(() -> writeDue(step));
    }
  }

  private synchronized void put(State state) {
    due = state;
  }

  /** The state that waits, if it is still that of a step. */
  private synchronized Optional<State> take(long step) {
    Optional<State> taken = Optional.ofNullable(due).filter(state -> state.step() == step);
    if (taken.isPresent()) {
      due = null;
      notifyAll();
    }
    return taken;
  }

  private synchronized void awaitTurn() {
    long begun = System.nanoTime();
    patience = Math.min(PATIENCE_NANOS, patience + (begun - patienceAt) / PATIENCE_IS_ONE_IN);
    long end = begun + patience;
    try {
      for (long now = begun; due != null && now < end; now = System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, end - now);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    patienceAt = System.nanoTime();
    patience -= patienceAt - begun;
  }

  private void writeDue(long step) {
    Optional<State> state = take(step);
    try {
      if (state.isPresent() && failure == null) {
        write(state.get());
        metrics.publishNowAndThen();
      }
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
  }

  private void write(State state) throws IOException {
    claim.check();
    try {
      checkpoint = checkpoints.write(state, metrics.journal());
    } catch (IOException e) {
      claim.check(); // The successor deletes what was in the making.
      throw e;
    }
    saved = state.step();
  }

  private void throwFailure() {
    Exception e = failure;
    if (e instanceof IOException io) {
      throw new UncheckedIOException(io);
    }
    if (e != null) {
      throw (RuntimeException) e;
    }
  }

  /** Waits until everything that was begun is written, and brings the metrics up to date. */
  void settle() throws IOException {
    await();
    throwFailure();
    metrics.publish();
  }

  private void await() throws IOException {
    try {
      writer.submit(() -> {}).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a checkpoint was written");
    }
  }

  /**
   * Brings metrics and checkpoints up to the last complete round; what has failed before is tried
   * once more.
   */
  void save() throws IOException {
    await();
    failure = null;
    if (saved != committed.step()) {
      write(committed);
    }
    metrics.publish();
  }

  /** The state after the last complete round. */
  State committed() {
    return committed;
  }

  /** The file of the newest checkpoint, within the run directory; empty before the first. */
  String checkpoint() {
    return checkpoint;
  }

  /** Training examples a second, since this process took the run over. */
  double samplesPerSecond() {
    return Math.rint(examples / Math.max(1e-9, nanos / 1e9));
  }

  /** Lets a write that is under way come to its end. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      writer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
