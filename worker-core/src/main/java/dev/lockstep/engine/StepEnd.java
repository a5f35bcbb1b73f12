package dev.lockstep.engine;

import dev.lockstep.gradient.NodeSum;
import dev.lockstep.kernel.ElementKernels;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.network.ParameterLayout;
import dev.lockstep.network.Slice;
import dev.lockstep.optimizer.Clipping;
import dev.lockstep.optimizer.LayerwiseOptimizer;
import dev.lockstep.optimizer.Measure;
import dev.lockstep.optimizer.Penalties;
import dev.lockstep.optimizer.Update;
import java.util.Arrays;
import java.util.List;

/**
 * The end of a step: sums become means (the one division), norms, and the update. Every engine ends
 * its steps here, each for the slices that it owns.
 *
 * <p>Where an update depends on norms, each {@link Measure} comes first, and its sums of squares
 * are gathered from all owners before what follows; otherwise {@link #update} is one pass.
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

  /** The optimiser, where it scales rates layer by layer; otherwise null. */
  private final LayerwiseOptimizer layerwise;

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
    this.layerwise = update.optimizer() instanceof LayerwiseOptimizer o ? o : null;
    this.optimizerSlots = update.optimizer().slots().size();
    this.kernels = kernels;
    this.layout = training.network().layout();
  }

  /** What must be measured, and gathered, before {@link #update}, in this order. */
  public List<Measure> measures() {
    return update.measures();
  }

  /**
   * One measure over slices.
   *
   * @param measure the next of {@link #measures}
   * @param step the step (from 0)
   * @param total what the sums are over
   * @param gradient sums in panel order; the first measure makes means of them over the slices, and
   *     {@link Measure#LAYERS} directions
   * @param parameters in panel order
   * @param slots likewise; {@link Measure#LAYERS} updates what directions depend on
   * @param squares those of all panels of the measures before; receives those of the slices' panels
   */
  public void measure(
      Measure measure,
      long step,
      NodeSum total,
      List<Slice> slices,
      float[] gradient,
      float[] parameters,
      float[][] slots,
      PanelSquares squares) {
    float share = share(total);
    boolean isMean = measures().indexOf(measure) > 0;
    Factors factors = new Factors(squares);
    for (Slice slice : slices) {
      for (int p = slice.firstPanel(); p < slice.firstPanel() + slice.panels(); p++) {
        for (int row = 0; row < layout.panelRows(p); row += CACHED_ROWS) {
          if (!isMean) {
            toMean(share, p, row, gradient, squares);
          }
          if (measure == Measure.LAYERS) {
            direct(step, factors.of(p), p, row, gradient, parameters, slots, squares);
          }
        }
      }
    }
  }

  /** Makes means of sums over some rows of a panel, and their squares. */
  private void toMean(float share, int p, int row, float[] gradient, PanelSquares squares) {
    int from = from(p, row);
    int to = to(p, row);
    for (int i = from; i < to; i++) {
      gradient[i] *= share;
    }
    addSquares(squares.gradients(), p, row, gradient);
  }

  /** Adds some rows to the squares of their panel; its first rows begin a new sum. */
  private void addSquares(double[] sums, int p, int row, float[] vector) {
    double before = row == 0 ? 0 : sums[p];
    int rows = Math.min(CACHED_ROWS, layout.panelRows(p) - row);
    sums[p] = kernels.elements().squares(before, vector, from(p, row), rows, chains);
  }

  /** Makes a direction of some rows of the mean gradient, and measures it beside the parameters. */
  private void direct(
      long step,
      float factor,
      int p,
      int row,
      float[] gradient,
      float[] parameters,
      float[][] slots,
      PanelSquares squares) {
    penalize(factor, p, row, gradient, parameters);
    int from = from(p, row);
    int to = to(p, row);
    layerwise.direct(step + 1, parameters, gradient, slots, from, to);
    addSquares(squares.parameters(), p, row, parameters);
    addSquares(squares.directions(), p, row, gradient);
  }

  /** Clips some rows of the mean gradient, and adds the penalties. */
  private void penalize(float factor, int p, int row, float[] gradient, float[] parameters) {
    int from = from(p, row);
    int to = to(p, row);
    update.clipping().apply(factor, gradient, from, to);
    update.penalties().addTo(gradient, parameters, from, Math.min(to, endOfWeights(p)));
  }

  private int from(int p, int row) {
    return layout.panelOffset(p) + row * Panels.WIDTH;
  }

  private int to(int p, int row) {
    return from(p, Math.min(row + CACHED_ROWS, layout.panelRows(p)));
  }

  private int endOfWeights(int p) {
    return from(p, layout.weightRows(p));
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
   * @param gradient in panel order: what the last of {@link #measures} left of it, otherwise sums,
   *     which become means over the slices
   * @param parameters in panel order; updated over the slices
   * @param slots likewise
   * @param squares those of all panels that were measured; receives those of the slices' panels
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
    double rate = rate(step);
    float share = share(total);
    boolean isMean = !measures().isEmpty();
    boolean isWatched = training.plan().isLastOfEpoch(step);
    Factors factors = new Factors(squares);
    Trust trust = new Trust(squares);
    boolean finite = true;
    for (Slice slice : slices) {
      for (int p = slice.firstPanel(); p < slice.firstPanel() + slice.panels(); p++) {
        if (isWatched) {
          keep(p, parameters);
        }
        float factor = factors.of(p);
        float ownRate = (float) (rate * trust.of(p));
        for (int row = 0; row < layout.panelRows(p); row += CACHED_ROWS) {
          if (!isMean) {
            toMean(share, p, row, gradient, squares);
          }
          if (layerwise == null) {
            penalize(factor, p, row, gradient, parameters);
          }
          finite &= update(step, (float) rate, ownRate, p, row, gradient, parameters, slots);
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
    private final double[] ofMatrix;
    private final float ofAll;
    private final boolean isGlobal;

    Factors(PanelSquares squares) {
      Clipping clipping = update.clipping();
      isGlobal = clipping.mode() != Clipping.Mode.NORM;
      ofAll = isGlobal && clipping.needsNorms() ? clipping.factor(squares.ofGradient()) : 1f;
      ofMatrix = isGlobal ? new double[0] : layout.byMatrix(squares.gradients());
    }

    float of(int panel) {
      return isGlobal ? ofAll : update.clipping().factor(ofMatrix[layout.matrixOf(panel)]);
    }
  }

  /** By what each layer's rate is multiplied. */
  private final class Trust {
    private final double[] ofMatrix = new double[layout.matrices()];

    Trust(PanelSquares squares) {
      Arrays.fill(ofMatrix, 1);
      if (layerwise != null) {
        double[] parameters = layout.byMatrix(squares.parameters());
        double[] directions = layout.byMatrix(squares.directions());
        for (int m = 0; m < ofMatrix.length; m++) {
          ofMatrix[m] = layerwise.trust(Math.sqrt(parameters[m]), Math.sqrt(directions[m]));
        }
      }
    }

    double of(int panel) {
      return ofMatrix[layout.matrixOf(panel)];
    }
  }

  /** Some rows of a panel, through what is element-wise. */
  private boolean update(
      long step,
      float rate,
      float ownRate,
      int p,
      int row,
      float[] gradient,
      float[] parameters,
      float[][] slots) {
    int from = from(p, row);
    int to = to(p, row);
    update.penalties().decay(rate, parameters, from, Math.min(to, endOfWeights(p)));
    update.optimizer().update(step + 1, ownRate, parameters, gradient, slots, from, to);
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
            Math.sqrt(squares.ofGradient()),
            total
                .norms()
                .sample(squares.ofGradient(), total.examples(), training.plan().examples()));
    boolean isFinite =
        record.loss() <= DivergedException.MAX_LOSS && Double.isFinite(record.gradNorm());
    if (!isFinite || !isStateFinite) {
      throw new DivergedException(record);
    }
    return record;
  }
}
