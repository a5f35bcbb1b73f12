package dev.lockstep.layer;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.setting.Settings;
import java.util.Arrays;
import java.util.List;

/**
 * {@code y_c = e^(x_c - m) / s} with m = max x and s = sum over c of e^(x_c - m): probabilities.
 * Backward, {@code dx = y (dy - sum over c of dy_c y_c)}. (Bridle, "Probabilistic Interpretation of
 * Feedforward Classification Network Outputs", 1990.)
 *
 * <p>Losses from logits, such as {@code softmax-cross-entropy}, contain it already.
 *
 * @param inputs I, which is also O
 */
public record Softmax(int inputs) implements Layer {
  @Override
  public String describe() {
    return "softmax " + inputs;
  }

  @Override
  public int outputs() {
    return inputs;
  }

  @Override
  public boolean readsInput() {
    return false;
  }

  @Override
  public boolean readsOutput() {
    return true;
  }

  @Override
  public void forward(Kernels kernels, Rows rows, Operands o) {
    Panels x = o.x();
    Panels y = o.y();
    for (int r = 0; r < rows.count(); r++) {
      float max = x.get(r, 0);
      for (int c = 1; c < inputs; c++) {
        max = Math.max(max, x.get(r, c));
      }
      for (int p = 0; p < y.count(); p++) {
        int to = y.at(r, p * Panels.WIDTH);
        int from = x.at(r, p * Panels.WIDTH);
        kernels.elements().exp(x.data(), from, max, y.data(), to, Panels.WIDTH);
      }
      float sum = 0f;
      for (int c = 0; c < inputs; c++) {
        sum += y.get(r, c);
      }
      for (int p = 0; p < y.count(); p++) {
        int from = y.at(r, p * Panels.WIDTH);
        kernels.elements().divide(y.data(), from, from + Panels.WIDTH, sum);
      }
      clearPadding(y, r);
    }
  }

  @Override
  public void backward(Kernels kernels, Rows rows, Operands o) {
    if (o.dx() == null) {
      return;
    }
    Panels y = o.y();
    Panels dy = o.dy();
    Panels dx = o.dx();
    for (int r = 0; r < rows.count(); r++) {
      float dot = 0f;
      for (int c = 0; c < inputs; c++) {
        dot = Math.fma(dy.get(r, c), y.get(r, c), dot);
      }
      for (int c = 0; c < inputs; c++) {
        dx.set(r, c, y.get(r, c) * (dy.get(r, c) - dot));
      }
    }
  }

  /** What was computed there may be infinite, and no layer behind should meet that. */
  private static void clearPadding(Panels y, int row) {
    int last = y.count() - 1;
    int end = y.panel(last) + row * Panels.WIDTH + Panels.WIDTH;
    Arrays.fill(y.data(), end - (y.count() * Panels.WIDTH - y.columns()), end, 0f);
  }

  @Override
  public double[] exact(double[] x, double[][] w, Rows rows, int row) {
    double max = Arrays.stream(x).max().orElseThrow();
    double[] y = Arrays.stream(x).map(v -> StrictMath.exp(v - max)).toArray();
    double sum = Arrays.stream(y).sum();
    return Arrays.stream(y).map(v -> v / sum).toArray();
  }

  /** {@code softmax}. */
  public static final class Kind implements LayerKind {
    @Override
    public String name() {
      return "softmax";
    }

    @Override
    public String meaning() {
      return "y_c = e^x_c / sum of e^x, probabilities";
    }

    @Override
    public List<Layer> create(Place place, Settings settings) {
      return List.of(new Softmax(place.inputs()));
    }
  }
}
