package dev.lockstep.engine;

import dev.lockstep.gradient.NodeSum;
import dev.lockstep.kernel.ElementKernels;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.Slice;
import dev.lockstep.optimizer.Clipping;
import dev.lockstep.optimizer.Penalties;
import dev.lockstep.optimizer.Update;
import java.util.List;

/**
 * The end of a step: sums become means (the one division), norms, and the update. Every engine ends
 * its steps here, each for the slices that it owns.
 *
 * <p>Where gradients are clipped by a norm, {@link #measure} comes first, and all sums of squares
 * are gathered before {@link #update}; otherwise {@link #update} does both in one pass.
 */
public final class StepEnd {
  /**
   * Rows of a panel that go through all of the update together, so that they come from memory once:
   * 32 KB of each vector, and whole blocks of the sum of squares.
   */
  private static final int CACHED_ROWS = 4 * ElementKernels.SQUARES_BLOCK;

  private final Training training;
  private final Update update;
  private final Kernels kernels;
  private final ParameterLayout layout;
  private final float[] chains = new float[Panels.WIDTH];
  private final double[] columns = new double[Panels.WIDTH];
  private final double rateScale;

  /** How many of the slots are the optimiser's. */
  private final int optimizerSlots;

  private float[] before = new float[0];

  /**
   * For the steps of a round.
   *
   * @param decisions those that the round begins with
   */
  public StepEnd(Training training, Decisions decisions, Kernels kernels) {
    this.training = training;
    this.update = training.update();
    this.rateScale = decisions.rateScale();
    this.optimizerSlots = update.optimizer().slots().size();
    this.kernels = kernels;
    this.layout = training.network().layout();
  }

  /** Whether {@link #measure} must come before {@link #update}. */
  public boolean measuresFirst() {
    return update.clipping().needsNorms();
  }

  /**
   * Makes means of sums, and their squares.
   *
   * @param total what the sums are over
   * @param gradient sums in panel order; becomes the mean over the slices
   * @param squares receives those of the slices' panels
   */
  public void measure(NodeSum total, List<Slice> slices, float[] gradient, PanelSquares squares) {
    float share = share(total);
    for (Slice slice : slices) {
      for (int p = slice.firstPanel(); p < slice.firstPanel() + slice.panels(); p++) {
        squares.gradients()[p] = 0;
        for (int row = 0; row < layout.panelRows(p); row += CACHED_ROWS) {
          measure(share, p, row, gradient, squares);
        }
      }
    }
  }

  private void measure(float share, int p, int row, float[] gradient, PanelSquares squares) {
    int rows = Math.min(CACHED_ROWS, layout.panelRows(p) - row);
    int from = layout.panelOffset(p) + row * Panels.WIDTH;
    int to = from + rows * Panels.WIDTH;
    for (int i = from; i < to; i++) {
      gradient[i] *= share;
    }
    double[] sums = squares.gradients();
    sums[p] = kernels.elements().squares(sums[p], gradient, from, rows, chains);
  }

  /** What sums are multiplied by; where all weights are 0 there is nothing to learn. */
  private static float share(NodeSum total) {
    return total.weight() == 0 ? 0f : 1f / (float) total.weight();
  }

  /**
   * Updates slices. No parameter and no slot is left subnormal: they become +0.
   *
   * @param step the step (from 0)
   * @param total what the sums are over
   * @param gradient in panel order: means where {@link #measuresFirst}, otherwise sums, which
   *     become means over the slices
   * @param parameters in panel order; updated over the slices
   * @param slots likewise
   * @param squares those of all panels' gradients where {@link #measuresFirst}; receives those of
   *     the slices' panels
   * @return whether parameters and slots are still finite
   */
  public boolean update(
      long step,
      NodeSum total,
      List<Slice> slices,
      float[] gradient,
      float[] parameters,
      float[][] slots,
      PanelSquares squares) {
    float rate = (float) rate(step);
    float share = share(total);
    boolean isMeasured = measuresFirst();
    boolean isWatched = training.plan().isLastOfEpoch(step);
    Factors factors = new Factors(squares);
    boolean finite = true;
    for (Slice slice : slices) {
      for (int p = slice.firstPanel(); p < slice.firstPanel() + slice.panels(); p++) {
        if (isWatched) {
          keep(p, parameters);
        }
        if (!isMeasured) {
          squares.gradients()[p] = 0;
        }
        float factor = factors.of(p);
        for (int row = 0; row < layout.panelRows(p); row += CACHED_ROWS) {
          if (!isMeasured) {
            measure(share, p, row, gradient, squares);
          }
          finite &= update(step, rate, factor, p, row, gradient, parameters, slots);
        }
        finish(p, parameters, slots);
        if (isWatched) {
          squares.updates()[p] = change(p, parameters);
        }
      }
    }
    return finite;
  }

  /** The rate of a step's update. */
  private double rate(long step) {
    return update.schedule().rate(step) * rateScale;
  }

  /** What clipping multiplies the gradients of panels by. */
  private final class Factors {
    private final double[] ofMatrix = new double[layout.matrices()];
    private final float ofAll;
    private final boolean isGlobal;

    Factors(PanelSquares squares) {
      Clipping clipping = update.clipping();
      isGlobal = clipping.mode() != Clipping.Mode.NORM;
      ofAll = isGlobal && clipping.needsNorms() ? clipping.factor(squares.ofGradient()) : 1f;
      for (int p = 0; !isGlobal && p < layout.panels(); p++) {
        ofMatrix[layout.matrixOf(p)] += squares.gradients()[p];
      }
    }

    float of(int panel) {
      return isGlobal ? ofAll : update.clipping().factor(ofMatrix[layout.matrixOf(panel)]);
    }
  }

  /** Some rows of a panel, through all that is element-wise. */
  private boolean update(
      long step,
      float rate,
      float factor,
      int p,
      int row,
      float[] gradient,
      float[] parameters,
      float[][] slots) {
    int rows = Math.min(CACHED_ROWS, layout.panelRows(p) - row);
    int from = layout.panelOffset(p) + row * Panels.WIDTH;
    int to = from + rows * Panels.WIDTH;
    int endOfWeights = layout.panelOffset(p) + layout.weightRows(p) * Panels.WIDTH;
    update.clipping().apply(factor, gradient, from, to);
    update.penalties().apply(rate, parameters, gradient, from, Math.min(to, endOfWeights));
    update.optimizer().update(step + 1, rate, parameters, gradient, slots, from, to);
    boolean finite = kernels.elements().flush(parameters, from, to);
    for (int s = 0; s < optimizerSlots; s++) {
      finite &= kernels.elements().flush(slots[s], from, to);
    }
    return finite;
  }

  /** What follows when a panel is updated: the bound on its columns, and the average. */
  private void finish(int p, float[] parameters, float[][] slots) {
    int from = layout.panelOffset(p);
    Penalties penalties = update.penalties();
    if (penalties.maxNorm() > 0 && layout.weightRows(p) > 0) {
      kernels
          .elements()
          .boundColumns(parameters, from, layout.weightRows(p), penalties.maxNorm(), columns);
    }
    if (update.hasAverage()) {
      average(parameters, slots[slots.length - 1], from, from + layout.panelRows(p) * Panels.WIDTH);
    }
  }

  private void average(float[] parameters, float[] average, int from, int to) {
    float keep = update.averageDecay();
    float take = 1f - keep;
    for (int i = from; i < to; i++) {
      average[i] = Math.fma(keep, average[i], take * parameters[i]);
    }
    boolean unused = kernels.elements().flush(average, from, to);
  }

  private void keep(int p, float[] parameters) {
    int length = layout.panelRows(p) * Panels.WIDTH;
    if (before.length < length) {
      before = new float[length];
    }
    System.arraycopy(parameters, layout.panelOffset(p), before, 0, length);
  }

  /** Squares of the change of a panel since {@link #keep}. */
  private double change(int p, float[] parameters) {
    int from = layout.panelOffset(p);
    for (int i = 0; i < layout.panelRows(p) * Panels.WIDTH; i++) {
      before[i] = parameters[from + i] - before[i];
    }
    return kernels.elements().squares(0, before, 0, layout.panelRows(p), chains);
  }

  /**
   * The record of a step.
   *
   * @param step the step (from 0)
   * @param total its sums; the gradient is not read
   * @param squares those of all panels
   * @throws DivergedException if anything is not finite, or the loss is beyond measure
   */
  public StepRecord record(long step, NodeSum total, PanelSquares squares, boolean isStateFinite) {
    double loss = total.weight() == 0 ? 0 : total.loss() / total.weight();
    StepRecord record =
        new StepRecord(
            step + 1,
            training.plan().epochOf(step) + 1,
            total.examples(),
            loss,
            rate(step),
            Math.sqrt(squares.ofGradient()));
    boolean isFinite =
        record.loss() <= DivergedException.MAX_LOSS && Double.isFinite(record.gradNorm());
    if (!isFinite || !isStateFinite) {
      throw new DivergedException(record);
    }
    return record;
  }
}
