package dev.lockstep.engine;

import dev.lockstep.gradient.NodeSum;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.Slice;
import java.util.List;

/**
 * The end of a step: sums become means (the one division), norms, and the update. Every engine ends
 * its steps here, each for the slices that it owns.
 */
public final class StepEnd {
  private final Training training;
  private final Kernels kernels;
  private final ParameterLayout layout;

  public StepEnd(Training training, Kernels kernels) {
    this.training = training;
    this.kernels = kernels;
    this.layout = training.network().layout();
  }

  /**
   * Updates slices.
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
      int from = slice.offset();
      int to = slice.end();
      for (int i = from; i < to; i++) {
        gradient[i] *= share;
      }
      for (int p = slice.firstPanel(); p < slice.firstPanel() + slice.panels(); p++) {
        squares[p] =
            kernels.elements().squares(gradient, layout.panelOffset(p), layout.panelRows(p));
      }
      training.optimizer().update(step + 1, rate, parameters, gradient, slots, from, to);
      finite &= kernels.elements().allFinite(parameters, from, to);
      for (float[] slot : slots) {
        finite &= kernels.elements().allFinite(slot, from, to);
      }
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
