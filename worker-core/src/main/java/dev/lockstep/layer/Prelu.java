package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.Arrays;
import java.util.List;

/**
 * {@code y = x > 0 ? x : a x} with slopes a that are learned, one for each unit or one for all of
 * them. (He et al., "Delving Deep into Rectifiers", 2015, section 2.1.)
 *
 * <p>Its parameters are one row: a[O], or a[1]. Backward, {@code dx = x > 0 ? dy : a dy} and {@code
 * da = sum over rows of dy min(x, 0)}; if there is one slope, that is first summed over the units
 * of each row in ascending order. Scratch holds the products.
 *
 * @param inputs I, which is also O
 * @param isShared whether there is one slope for all units
 */
public record Prelu(int inputs, boolean isShared) implements Layer {
  private static final float INITIAL = 0.25f;

  @Override
  public String describe() {
    return "prelu %s%d".formatted(isShared ? "shared " : "", inputs);
  }

  @Override
  public int outputs() {
    return inputs;
  }

  @Override
  public List<TensorShape> tensors() {
    return List.of(TensorShape.vector("slope", isShared ? 1 : inputs, INITIAL));
  }

  @Override
  public boolean isElementwise() {
    return true;
  }

  @Override
  public boolean readsInput() {
    return true;
  }

  @Override
  public boolean readsOutput() {
    return false;
  }

  /** The products; behind them, if there is one slope, a panel with their sum over units. */
  @Override
  public int scratch() {
    return isShared ? Panels.count(inputs) * Panels.WIDTH + 1 : inputs;
  }

  @Override
  public void forward(Kernels kernels, Rows rows, Operands o) {
    Panels x = o.x();
    Panels y = o.y();
    Panels slopes = slopes(o.w());
    for (int p = 0; p < x.count(); p++) {
      int so = slopes.panel(isShared ? 0 : p);
      kernels
          .elements()
          .prelu(x.data(), x.panel(p), rows.count(), slopes.data(), so, y.data(), y.panel(p));
    }
  }

  @Override
  public void backward(Kernels kernels, Rows rows, Operands o) {
    Panels x = o.x();
    Panels dy = o.dy();
    Panels products = o.scratch();
    Panels slopes = slopes(o.w());
    for (int p = 0; p < x.count(); p++) {
      kernels
          .elements()
          .preluGradient(
              x.data(),
              x.panel(p),
              rows.count(),
              slopes.data(),
              slopes.panel(isShared ? 0 : p),
              dy.data(),
              dy.panel(p),
              products.data(),
              products.panel(p));
    }
    Panels parts = isShared ? sumUnits(rows.count(), products) : products;
    kernels.matrix().columnSums(rows.segments(), parts, o.dw(), 0, o.stack());
  }

  /** A row with a slope for each column of a panel. */
  private Panels slopes(Panels w) {
    if (!isShared) {
      return w;
    }
    float[] row = new float[Panels.WIDTH];
    Arrays.fill(row, w.get(0, 0));
    return new Panels(row, 0, 1, Panels.WIDTH);
  }

  /** Sums each row of the products into the panel behind them. */
  private Panels sumUnits(int rows, Panels products) {
    int behind = products.panel(products.count() - 1);
    Panels sums = new Panels(products.data(), behind, products.rows(), 1);
    float[] a = products.data();
    int r = 0;
    for (; r + 4 <= rows; r += 4) {
      float s0 = 0f;
      float s1 = 0f;
      float s2 = 0f;
      float s3 = 0f;
      for (int c = 0; c < inputs; c++) {
        int at = products.at(r, c);
        s0 += a[at];
        s1 += a[at + Panels.WIDTH];
        s2 += a[at + 2 * Panels.WIDTH];
        s3 += a[at + 3 * Panels.WIDTH];
      }
      sums.set(r, 0, s0);
      sums.set(r + 1, 0, s1);
      sums.set(r + 2, 0, s2);
      sums.set(r + 3, 0, s3);
    }
    for (; r < rows; r++) {
      float sum = 0f;
      for (int c = 0; c < inputs; c++) {
        sum += products.get(r, c);
      }
      sums.set(r, 0, sum);
    }
    return sums;
  }

  @Override
  public double[] exact(double[] x, double[][] w, Rows rows, int row) {
    double[] y = new double[inputs];
    for (int i = 0; i < inputs; i++) {
      y[i] = x[i] > 0 ? x[i] : w[0][isShared ? 0 : i] * x[i];
    }
    return y;
  }

  /** {@code prelu [shared]}. */
  public static final class Kind implements LayerKind {
    /** Whether there is one slope for all units. */
    public static final Setting<Boolean> SHARED = Setting.flag("shared", "one slope for all units");

    @Override
    public String name() {
      return "prelu";
    }

    @Override
    public String meaning() {
      return "y = x > 0 ? x : a x, with learned slopes a";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(SHARED);
    }

    @Override
    public List<Layer> create(Place place, Settings settings) {
      return List.of(new Prelu(place.inputs(), settings.get(SHARED)));
    }
  }
}
