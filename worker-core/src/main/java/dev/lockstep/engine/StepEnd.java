package dev.lockstep.engine;

import dev.lockstep.gradient.NodeSum;
import dev.lockstep.kernel.ElementKernels;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.Slice;
import java.util.List;

/**
 * The end of a step: sums become means (the one division), norms, and the update. Every engine ends
 * its steps here, each for the slices that it owns.
 */
public final class StepEnd {
  /**
   * Rows of a panel that go through all of the update together, so that they come from memory once:
   * 32 KB of each vector, and whole blocks of the sum of squares.
   */
  private static final int CACHED_ROWS = 4 * ElementKernels.SQUARES_BLOCK;

  private final Training training;
  private final Kernels kernels;
  private final ParameterLayout layout;
  private final float[] chains = new float[Panels.WIDTH];

  public StepEnd(Training training, Kernels kernels) {
    this.training = training;
    this.kernels = kernels;
    this.layout = training.network().layout();
  }

  /**
   * Updates slices. No parameter and no slot is left subnormal: they become +0.
   *
   * @param step the step (from 0)
   * @param examples how many examples the sums are over
   * @param gradient sums in panel order; becomes the mean over the slices
   * @param parameters in panel order; updated over the slices
   * @param slots likewise
   * @param squares receives the sum of squares of each panel's mean gradient
   * @return whether parameters and slots are still finite
   */
  public boolean update(
      long step,
      long examples,
      List<Slice> slices,
      float[] gradient,
      float[] parameters,
      float[][] slots,
      double[] squares) {
    float rate = (float) training.schedule().rate(step);
    float share = 1f / (float) examples;
    boolean finite = true;
    for (Slice slice : slices) {
      for (int p = slice.firstPanel(); p < slice.firstPanel() + slice.panels(); p++) {
        squares[p] = 0;
        int offset = layout.panelOffset(p);
        for (int row = 0; row < layout.panelRows(p); row += CACHED_ROWS) {
          int rows = Math.min(CACHED_ROWS, layout.panelRows(p) - row);
          int from = offset + row * Panels.WIDTH;
          int to = from + rows * Panels.WIDTH;
          for (int i = from; i < to; i++) {
            gradient[i] *= share;
          }
          squares[p] = kernels.elements().squares(squares[p], gradient, from, rows, chains);
          finite &= update(step, rate, gradient, parameters, slots, from, to);
        }
      }
    }
    return finite;
  }

  private boolean update(
      long step,
      float rate,
      float[] gradient,
      float[] parameters,
      float[][] slots,
      int from,
      int to) {
    training.optimizer().update(step + 1, rate, parameters, gradient, slots, from, to);
    boolean finite = kernels.elements().flush(parameters, from, to);
    for (float[] slot : slots) {
      finite &= kernels.elements().flush(slot, from, to);
    }
    return finite;
  }

  /**
   * The record of a step.
   *
   * @param step the step (from 0)
   * @param total its sums; the gradient is not read
   * @param squares sums of squares of all panels
   * @throws DivergedException if anything is not finite, or the loss is beyond measure
   */
  public StepRecord record(long step, NodeSum total, double[] squares, boolean isStateFinite) {
    double sum = 0;
    for (double square : squares) {
      sum += square;
    }
    StepRecord record =
        new StepRecord(
            step + 1,
            training.plan().epochOf(step) + 1,
            total.examples(),
            total.loss() / (double) total.examples(),
            training.schedule().rate(step),
            Math.sqrt(sum));
    boolean isFinite =
        record.loss() <= DivergedException.MAX_LOSS && Double.isFinite(record.gradNorm());
    if (!isFinite || !isStateFinite) {
      throw new DivergedException(record);
    }
    return record;
  }

  /** The monitors after a step. */
  public Monitors monitors(Monitors before, long step, NodeSum total) {
    boolean isFirst = step % training.plan().stepsPerEpoch() == 0;
    return before.after(total.loss(), total.examples(), isFirst);
  }
}
