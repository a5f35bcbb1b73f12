package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.random.Purpose;
import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * In training, leaves units out at random and scales up the others: {@code y = x mask}, {@code dx =
 * dy mask}, where a mask is 0 with probability p and 1 / (1 - p) otherwise, so that the expectation
 * of y is x. In evaluation {@code y = x}. (Srivastava et al., "Dropout: A Simple Way to Prevent
 * Neural Networks from Overfitting", 2014; scaling in training as in their section 10.)
 *
 * <p>The mask of a unit is a function of seed, step, example, layer and unit: see {@link
 * UnitDraws}. A unit is left out if the top 24 bits of its word are below p 2^24. Scratch holds the
 * mask.
 *
 * @param inputs I, which is also O
 * @param rate p, below 1
 * @param index number of the layer in its network
 */
public record Dropout(int inputs, float rate, int index) implements Layer {
  public Dropout {
    UnitDraws.check(inputs, index);
  }

  @Override
  public String describe() {
    return "dropout %s %d".formatted(rate, inputs);
  }

  @Override
  public int outputs() {
    return inputs;
  }

  @Override
  public boolean isElementwise() {
    return true;
  }

  @Override
  public boolean readsInput() {
    return false;
  }

  @Override
  public boolean readsOutput() {
    return false;
  }

  @Override
  public int scratch() {
    return inputs;
  }

  @Override
  public void forward(Kernels kernels, Rows rows, Operands o) {
    Panels y = o.y();
    Panels mask = o.scratch();
    int count = rows.count() * Panels.WIDTH;
    for (int p = 0; p < y.count(); p++) {
      o.copyInput(rows, p);
      if (rows.isTraining()) {
        drawMask(kernels, rows, p, mask.data(), mask.panel(p));
        kernels.elements().multiply(mask.data(), mask.panel(p), y.data(), y.panel(p), count);
      }
    }
  }

  private void drawMask(Kernels kernels, Rows rows, int panel, float[] mask, int from) {
    UnitDraws draws = new UnitDraws(Purpose.DROPOUT, index);
    int[] words = new int[Panels.WIDTH];
    int limit = limit();
    float kept = 1f / (1f - rate);
    for (int r = 0; r < rows.count(); r++) {
      draws.draw(kernels, rows, r, panel, words);
      kernels.elements().mask(words, limit, kept, mask, from + r * Panels.WIDTH);
    }
  }

  private int limit() {
    return Math.round(rate * 0x1p24f);
  }

  @Override
  public void backward(Kernels kernels, Rows rows, Operands o) {
    if (o.dx() == null || !rows.isTraining()) {
      return;
    }
    Panels dy = o.dy();
    Panels mask = o.scratch();
    int count = rows.count() * Panels.WIDTH;
    for (int p = 0; p < dy.count(); p++) {
      kernels.elements().multiply(mask.data(), mask.panel(p), dy.data(), dy.panel(p), count);
    }
  }

  @Override
  public double[] exact(double[] x, double[][] w, Rows rows, int row) {
    double[] y = x.clone();
    UnitDraws draws = new UnitDraws(Purpose.DROPOUT, index);
    for (int i = 0; rows.isTraining() && i < inputs; i++) {
      boolean isKept = (draws.draw(rows, row, i) >>> 8) >= limit();
      y[i] = isKept ? x[i] / (1.0 - rate) : x[i] * 0;
    }
    return y;
  }

  /** {@code dropout RATE}. */
  public static final class Kind implements LayerKind {
    /** p. */
    public static final Setting<Double> RATE =
        Setting.number("rate", Range.BELOW_ONE, "the part of units that a step leaves out");

    @Override
    public String name() {
      return "dropout";
    }

    @Override
    public String meaning() {
      return "leaves units out in training and scales up the others";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(RATE);
    }

    @Override
    public List<Layer> create(Place place, Settings settings) {
      return List.of(new Dropout(place.inputs(), settings.toFloat(RATE), place.index()));
    }
  }
}
