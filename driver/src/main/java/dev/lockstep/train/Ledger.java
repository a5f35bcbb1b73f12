package dev.lockstep.train;

import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.State;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What of a run is committed: the state after its last complete round, its metrics, its
 * checkpoints. Whatever ends a run in the middle, {@link #save} keeps the last good state.
 */
final class Ledger implements TrainingListener {
  private final RoundPlan plan;
  private final MetricsLog metrics;
  private final Checkpoints checkpoints;
  private State committed;
  private long saved;
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
  public void onRound(RoundResult result) {
    committed = result.state();
    nanos += result.nanos();
    examples += result.examples();
    metrics.onRound(result);
    if (plan.isCheckpoint(committed.step())) {
      try {
        save();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Brings metrics and checkpoints up to the last complete round. */
  void save() throws IOException {
    metrics.flush();
    checkpoints.write(committed);
    saved = committed.step();
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
}
