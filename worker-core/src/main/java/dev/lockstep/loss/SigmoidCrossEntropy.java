package dev.lockstep.loss;

import dev.lockstep.kernel.FloatMath;
import dev.lockstep.kernel.Panels;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Binary cross-entropy of the sigmoid of logits, the mean over outputs, each of which says yes or
 * no by itself:
 *
 * <pre>  loss = max(z, 0) - z t + log(1 + e^-|z|)      dz = sigmoid(z) - t</pre>
 *
 * <p>which is {@code -t log p - (1 - t) log(1 - p)} with p = sigmoid(z), but overflows for no
 * logit. Against a t of 0 or 1 nothing cancels, and the loss of an output is within 4 ulp down to
 * 2e-38, below which it stays. Label smoothing e puts {@code (1 - e) t + e / 2} in the place of t.
 *
 * <p>That is PyTorch's {@code BCEWithLogitsLoss}, whose {@code pos_weight} p is, with one output,
 * the class weights [1, p] here, as long as nothing is divided by their sum. (Goodfellow, Bengio
 * and Courville, "Deep Learning", 2016, section 6.2.2.2. Smoothing: Szegedy et al., "Rethinking the
 * Inception Architecture for Computer Vision", CVPR 2016, section 7, with K = 2.)
 *
 * @param labelSmoothing e, in [0, 1)
 * @param classWeights a weight for each class; empty if all are 1
 */
public record SigmoidCrossEntropy(double labelSmoothing, List<Double> classWeights)
    implements ElementwiseLoss {
  public SigmoidCrossEntropy {
    classWeights = List.copyOf(classWeights);
  }

  @Override
  public String name() {
    return "sigmoid-cross-entropy";
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of(
        LossKind.LABEL_SMOOTHING.name(), labelSmoothing,
        LossKind.CLASS_WEIGHTS.name(), classWeights);
  }

  @Override
  public float loss(float y, float t) {
    return (Math.max(y, 0f) - y * smooth(t)) + FloatMath.softplus(-Math.abs(y));
  }

  @Override
  public float derivative(float y, float t) {
    return FloatMath.sigmoid(y) - smooth(t);
  }

  private float smooth(float t) {
    float e = (float) labelSmoothing;
    return (1f - e) * t + 0.5f * e;
  }

  @Override
  public double exact(double y, double t) {
    double smooth = (1 - labelSmoothing) * t + labelSmoothing / 2;
    return Math.max(y, 0) - y * smooth + StrictMath.log1p(StrictMath.exp(-Math.abs(y)));
  }

  /** With one output; several give probabilities that sum to anything. */
  @Override
  public OptionalDouble surprise(Panels y, int row, int ofClass) {
    if (y.columns() > 1) {
      return OptionalDouble.empty();
    }
    double z = y.get(row, 0);
    return OptionalDouble.of(
        Math.max(z, 0) - z * ofClass + StrictMath.log1p(StrictMath.exp(-Math.abs(z))));
  }

  @Override
  public boolean estimatesVectors(int outputs) {
    return outputs > 1;
  }

  @Override
  public float estimate(float output) {
    return FloatMath.sigmoid(output);
  }

  /** {@code sigmoid-cross-entropy}. */
  public static final class Kind implements LossKind {
    @Override
    public String name() {
      return "sigmoid-cross-entropy";
    }

    @Override
    public String meaning() {
      return "the mean over outputs of max(z, 0) - z t + log(1 + e^-|z|)";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(LABEL_SMOOTHING, CLASS_WEIGHTS);
    }

    @Override
    public Loss create(Settings settings) {
      return new SigmoidCrossEntropy(settings.get(LABEL_SMOOTHING), settings.get(CLASS_WEIGHTS));
    }
  }
}
