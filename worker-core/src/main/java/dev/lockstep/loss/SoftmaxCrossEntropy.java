package dev.lockstep.loss;

import dev.lockstep.kernel.FloatMath;
import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Cross-entropy of the softmax of logits, fused: with m = max z and s = sum over c of e^(z_c - m),
 *
 * <pre>  loss = log s + (m - z_t)      dz_c = e^(z_c - m) / s - [c = t]</pre>
 *
 * <p>No intermediate overflows for any finite logits, and the loss loses nothing where the softmax
 * itself would be 0 or 1. (Goodfellow, Bengio and Courville, "Deep Learning", 2016, section
 * 6.2.2.3.)
 *
 * <p>Of a target t_c that is a vector of probabilities, a class being one-hot:
 *
 * <pre>  loss = sum over c of t_c (log s + (m - z_c))      dz_c = e^(z_c - m) / s sum(t) - t_c
 * </pre>
 *
 * <p>Label smoothing e puts {@code (1 - e) t_c + e / K} in the place of t_c, with K classes.
 * (Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", CVPR 2016, section
 * 7; so has PyTorch's {@code CrossEntropyLoss}.) Class weights weigh an example by its class, of a
 * vector that of its largest element; PyTorch does so for plain classes, but weighs the terms of a
 * smoothed target or of probabilities each by its own class.
 *
 * @param labelSmoothing e, in [0, 1)
 * @param classWeights a weight for each class; empty if all are 1
 */
public record SoftmaxCrossEntropy(double labelSmoothing, List<Double> classWeights)
    implements Loss {
  public SoftmaxCrossEntropy {
    classWeights = List.copyOf(classWeights);
  }

  /** Without smoothing or weights. */
  public SoftmaxCrossEntropy() {
    this(0, List.of());
  }

  @Override
  public String name() {
    return "softmax-cross-entropy";
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of(
        LossKind.LABEL_SMOOTHING.name(), labelSmoothing,
        LossKind.CLASS_WEIGHTS.name(), classWeights);
  }

  @Override
  public void checkOutputs(int outputs) {
    if (outputs < 2) {
      throw new IllegalArgumentException(
          "softmax-cross-entropy wants an output for each class, 2 or more, but the network has 1; with 1 output use sigmoid-cross-entropy");
    }
    Loss.super.checkOutputs(outputs);
  }

  @Override
  public void lossAndGradient(
      Kernels kernels, int rows, Panels y, Targets targets, float[] losses, Panels dy) {
    boolean isPlain = targets.classes() != null && labelSmoothing == 0;
    for (int r = 0; r < rows; r++) {
      int row = r * Panels.WIDTH;
      float max = max(y, r);
      // Whole panels: what lies in the padding is computed too, and cleared in the end.
      for (int p = 0; p < y.count(); p++) {
        int to = dy.panel(p) + row;
        kernels.elements().exp(y.data(), y.panel(p) + row, max, dy.data(), to, Panels.WIDTH);
      }
      float sum = 0f;
      for (int c = 0; c < y.columns(); c++) {
        sum += dy.get(r, c);
      }
      for (int p = 0; p < dy.count(); p++) {
        int from = dy.panel(p) + row;
        kernels.elements().divide(dy.data(), from, from + Panels.WIDTH, sum);
      }
      float log = FloatMath.log(sum);
      losses[r] =
          isPlain
              ? againstClass(r, y, targets.classes()[r], log, max, dy)
              : againstShares(r, y, targets, log, max, dy);
    }
    dy.clearPadding(rows);
  }

  private static float againstClass(
      int row, Panels y, int target, float log, float max, Panels dy) {
    dy.set(row, target, dy.get(row, target) - 1f);
    return log + (max - y.get(row, target));
  }

  /** The same bits where one share is 1 and the others are 0. */
  private float againstShares(int row, Panels y, Targets targets, float log, float max, Panels dy) {
    int classes = y.columns();
    float spread = (float) labelSmoothing / classes;
    float kept = 1f - (float) labelSmoothing;
    double loss = 0;
    double shares = 0;
    for (int c = 0; c < classes; c++) {
      float share = kept * targets.value(row, c, classes) + spread;
      shares += share;
      // 0 times log 0 is 0.
      loss += share == 0f ? 0f : share * (log + (max - y.get(row, c)));
    }
    for (int c = 0; c < classes; c++) {
      float share = kept * targets.value(row, c, classes) + spread;
      dy.set(row, c, dy.get(row, c) * (float) shares - share);
    }
    return (float) loss;
  }

  private static float max(Panels y, int row) {
    float max = y.get(row, 0);
    for (int c = 1; c < y.columns(); c++) {
      max = Math.max(max, y.get(row, c));
    }
    return max;
  }

  @Override
  public double exact(double[] y, double[] target) {
    double max = Arrays.stream(y).max().orElseThrow();
    double sum = Arrays.stream(y).map(z -> StrictMath.exp(z - max)).sum();
    double loss = 0;
    for (int c = 0; c < y.length; c++) {
      double share = (1 - labelSmoothing) * target[c] + labelSmoothing / y.length;
      loss += share * (StrictMath.log(sum) + (max - y[c]));
    }
    return loss;
  }

  @Override
  public OptionalDouble surprise(Panels y, int row, int ofClass) {
    float max = max(y, row);
    float sum = 0f;
    for (int c = 0; c < y.columns(); c++) {
      sum += FloatMath.exp(y.get(row, c) - max);
    }
    return OptionalDouble.of(FloatMath.log(sum) + (max - y.get(row, ofClass)));
  }

  /** {@code softmax-cross-entropy}. */
  public static final class Kind implements LossKind {
    @Override
    public String name() {
      return "softmax-cross-entropy";
    }

    @Override
    public String meaning() {
      return "log s - z_t, with s = sum over classes of e^z_c";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(LABEL_SMOOTHING, CLASS_WEIGHTS);
    }

    @Override
    public Loss create(Settings settings) {
      return new SoftmaxCrossEntropy(settings.get(LABEL_SMOOTHING), settings.get(CLASS_WEIGHTS));
    }
  }
}
