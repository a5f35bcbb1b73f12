package dev.lockstep.train;

import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.State;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * What of a run is committed: the state after its last complete round, its metrics, its
 * checkpoints. Whatever ends a run in the middle, {@link #save} keeps the last good state.
 *
 * <p>Training does not wait for the disk: a round's lines and its checkpoint are written while the
 * next one runs, one write at a time. What fails there is thrown at the next call.
 */
final class Ledger implements TrainingListener, AutoCloseable {
  private static final long CLOSE_SECONDS = 60;

  private final RoundPlan plan;
  private final MetricsLog metrics;
  private final Checkpoints checkpoints;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "lockstep-ledger");
            thread.setDaemon(true);
            return thread;
          });
  private Future<?> writing = null;
  private State committed;
  private volatile long saved;
  private long examples;
  private long nanos;

  /** A ledger that begins with a state, the first one or one that was saved. */
  Ledger(RoundPlan plan, MetricsLog metrics, Checkpoints checkpoints, State start) {
    this.plan = plan;
    this.metrics = metrics;
    this.checkpoints = checkpoints;
    this.committed = start;
    this.saved = start.step();
  }

  @Override
  public void onRound(RoundResult result, Milestone milestone) {
    State state = result.state();
    boolean isCheckpoint = plan.isCheckpoint(state);
    try {
      settle();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    committed = state;
    nanos += result.nanos();
    examples += result.examples();
    writing =
        writer.submit(
            () -> {
              metrics.onRound(result, milestone);
              if (isCheckpoint) {
                write(state);
              }
              return null;
            });
  }

  private void write(State state) throws IOException {
    metrics.flush();
    checkpoints.write(state);
    saved = state.step();
  }

  /** Waits until everything that was begun is written. */
  void settle() throws IOException {
    if (writing == null) {
      return;
    }
    Future<?> last = writing;
    writing = null;
    try {
      last.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException io) {
        throw io;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a checkpoint was written");
    }
  }

  /** Brings metrics and checkpoints up to the last complete round. */
  void save() throws IOException {
    settle();
    if (saved != committed.step() || saved == 0) {
      write(committed);
    }
  }

  /** The state after the last complete round. */
  State committed() {
    return committed;
  }

  /** The newest checkpoint, within the run directory. */
  String checkpoint() {
    return Checkpoints.file(saved);
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
