package dev.lockstep.loss;

import dev.lockstep.kernel.FloatMath;
import dev.lockstep.kernel.Panels;

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

  @Override
  public String name() {
    return "softmax-cross-entropy";
  }

  @Override
  public void lossAndGradient(int rows, Panels y, int[] targets, float[] losses, Panels dy) {
    int classes = y.columns();
    for (int r = 0; r < rows; r++) {
      float max = max(y, r);
      float sum = 0f;
      for (int c = 0; c < classes; c++) {
        float e = FloatMath.exp(y.get(r, c) - max);
        dy.set(r, c, e);
        sum += e;
      }
      int target = targets[r];
      losses[r] = FloatMath.log(sum) + (max - y.get(r, target));
      for (int c = 0; c < classes; c++) {
        dy.set(r, c, dy.get(r, c) / sum - (c == target ? 1f : 0f));
      }
      for (int c = classes; c < dy.count() * Panels.WIDTH; c++) {
        dy.set(r, c, 0f);
      }
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
}
