package dev.lockstep.loss;

import dev.lockstep.kernel.FloatMath;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.setting.Settings;
import java.util.Arrays;

/**
 * Cross-entropy of the softmax of logits, fused: with m = max z and s = sum over c of e^(z_c - m),
 *
 * <pre>  loss = log s + (m - z_t)      dz_c = e^(z_c - m) / s - [c = t]</pre>
 *
 * <p>No intermediate overflows for any finite logits, and the loss loses nothing where the softmax
 * itself would be 0 or 1. (Goodfellow, Bengio and Courville, "Deep Learning", 2016, section
 * 6.2.2.3.)
 */
public final class SoftmaxCrossEntropy implements Loss {
  private static final long serialVersionUID = 1;

  private static final String NAME = "softmax-cross-entropy";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void lossAndGradient(
      Kernels kernels, int rows, Panels y, int[] targets, float[] losses, Panels dy) {
    int classes = y.columns();
    int padding = dy.count() * Panels.WIDTH - classes;
    for (int r = 0; r < rows; r++) {
      int row = r * Panels.WIDTH;
      float max = max(y, r);
      // Whole panels: what lies in the padding is computed too, and cleared in the end.
      for (int p = 0; p < y.count(); p++) {
        int to = dy.panel(p) + row;
        kernels.elements().exp(y.data(), y.panel(p) + row, max, dy.data(), to, Panels.WIDTH);
      }
      float sum = 0f;
      for (int c = 0; c < classes; c++) {
        sum += dy.get(r, c);
      }
      losses[r] = FloatMath.log(sum) + (max - y.get(r, targets[r]));
      for (int p = 0; p < dy.count(); p++) {
        int from = dy.panel(p) + row;
        kernels.elements().divide(dy.data(), from, from + Panels.WIDTH, sum);
      }
      dy.set(r, targets[r], dy.get(r, targets[r]) - 1f);
      int end = dy.panel(dy.count() - 1) + row + Panels.WIDTH;
      Arrays.fill(dy.data(), end - padding, end, 0f);
    }
  }

  @Override
  public void loss(int rows, Panels y, int[] targets, float[] losses) {
    for (int r = 0; r < rows; r++) {
      float max = max(y, r);
      float sum = 0f;
      for (int c = 0; c < y.columns(); c++) {
        sum += FloatMath.exp(y.get(r, c) - max);
      }
      losses[r] = FloatMath.log(sum) + (max - y.get(r, targets[r]));
    }
  }

  private static float max(Panels y, int row) {
    float max = y.get(row, 0);
    for (int c = 1; c < y.columns(); c++) {
      max = Math.max(max, y.get(row, c));
    }
    return max;
  }

  /** {@code softmax-cross-entropy}. */
  public record Kind() implements LossKind {
    @Override
    public String name() {
      return NAME;
    }

    @Override
    public String meaning() {
      return "log sum over c of e^z_c - z_t, from logits z and a class t";
    }

    @Override
    public SoftmaxCrossEntropy create(Settings settings) {
      return new SoftmaxCrossEntropy();
    }
  }
}
