package dev.lockstep.layer;

import dev.lockstep.kernel.FloatMath;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.random.Purpose;
import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;

/**
 * In training, adds noise: {@code y = x + sigma n} with n from the standard normal distribution,
 * {@code dx = dy}. In evaluation {@code y = x}. (Sietsma and Dow, "Creating Artificial Neural
 * Networks That Generalize", 1991; Bishop, "Training with Noise Is Equivalent to Tikhonov
 * Regularization", 1995.)
 *
 * <p>The number n of a unit is a function of seed, step, example, layer and unit: see {@link
 * UnitDraws}. Its sign is the lowest bit of the unit's word; its size is {@link
 * FloatMath#normalQuantile} of (k + 1/2) 2^-24, where k is the top 23 bits: so it is at most 5.42.
 *
 * @param inputs I, which is also O
 * @param sigma standard deviation of the noise
 * @param index number of the layer in its network
 */
public record Noise(int inputs, float sigma, int index) implements Layer {
  public Noise {
    UnitDraws.check(inputs, index);
  }

  @Override
  public String describe() {
    return "noise %s %d".formatted(sigma, inputs);
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
  public void forward(Kernels kernels, Rows rows, Operands o) {
    for (int p = 0; p < o.y().count(); p++) {
      o.copyInput(rows, p);
      if (rows.isTraining()) {
        addNoise(kernels, rows, p, o.y().data(), o.y().panel(p));
      }
    }
  }

  private void addNoise(Kernels kernels, Rows rows, int panel, float[] y, int from) {
    UnitDraws draws = new UnitDraws(Purpose.NOISE, index);
    int[] words = new int[Panels.WIDTH];
    for (int r = 0; r < rows.count(); r++) {
      draws.draw(kernels, rows, r, panel, words);
      int to = from + r * Panels.WIDTH;
      for (int c = 0; c < Panels.WIDTH; c++) {
        y[to + c] = Math.fma(sigma, normal(words[c]), y[to + c]);
      }
    }
  }

  private static float normal(int word) {
    float size = FloatMath.normalQuantile(((word >>> 9) + 0.5f) * 0x1p-24f);
    return (word & 1) == 0 ? size : -size;
  }

  @Override
  public void backward(Kernels kernels, Rows rows, Operands operands) {
    assert operands.dx() == null || operands.dx().equals(operands.dy());
  }

  @Override
  public double[] exact(double[] x, double[][] w, Rows rows, int row) {
    double[] y = x.clone();
    UnitDraws draws = new UnitDraws(Purpose.NOISE, index);
    for (int i = 0; rows.isTraining() && i < inputs; i++) {
      y[i] += (double) sigma * normal(draws.draw(rows, row, i));
    }
    return y;
  }

  /** {@code noise SIGMA}. */
  public static final class Kind implements LayerKind {
    /** Standard deviation of the noise. */
    public static final Setting<Double> SIGMA =
        Setting.number("sigma", Range.NOT_NEGATIVE, "standard deviation of the noise");

    @Override
    public String name() {
      return "noise";
    }

    @Override
    public String meaning() {
      return "y = x + sigma n in training, n normal";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(SIGMA);
    }

    @Override
    public List<Layer> create(Place place, Settings settings) {
      return List.of(new Noise(place.inputs(), settings.toFloat(SIGMA), place.index()));
    }
  }
}
