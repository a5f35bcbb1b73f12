package dev.lockstep.loss;

import dev.lockstep.kernel.Kernels;
import dev.lockstep.kernel.Panels;
import dev.lockstep.setting.Range;
import dev.lockstep.setting.Setting;
import dev.lockstep.setting.Settings;
import java.util.List;
import java.util.Map;

/**
 * The multiclass hinge: every other class should stay below the target's by a margin.
 *
 * <pre>  loss = sum over c != t of max(0, margin + z_c - z_t)
 *  dz_c = 1 for each c whose term counts      dz_t = -(how many count)</pre>
 *
 * <p>With one output z and s = +1 for class 1, s = -1 for class 0, it is {@code max(0, margin - s
 * z)}, that of the support vector machine. A margin of 0 makes it the perceptron's: a term counts
 * where its class is not clearly below, equality included, since a perceptron learns from {@code s
 * z <= 0} and could not leave zero weights otherwise. PyTorch's {@code MultiMarginLoss} is this
 * over the number of classes, with derivative 0 at equality.
 *
 * <p>(Weston and Watkins, "Support Vector Machines for Multi-Class Pattern Recognition", ESANN
 * 1999, equation 2; Rosenblatt, "The Perceptron", Psychological Review 65, 1958.)
 *
 * @param margin 0 or more
 * @param classWeights a weight for each class; empty if all are 1
 */
public record Hinge(double margin, List<Double> classWeights) implements Loss {
  public Hinge {
    classWeights = List.copyOf(classWeights);
  }

  @Override
  public String name() {
    return "hinge";
  }

  @Override
  public Map<String, Object> settings() {
    return Map.of(Kind.MARGIN.name(), margin, LossKind.CLASS_WEIGHTS.name(), classWeights);
  }

  @Override
  public void lossAndGradient(
      Kernels kernels, int rows, Panels y, Targets targets, float[] losses, Panels dy) {
    for (int r = 0; r < rows; r++) {
      int target = targets.classOf(r);
      losses[r] = y.columns() == 1 ? binary(r, y, target, dy) : multiclass(r, y, target, dy);
    }
    dy.clearPadding(rows);
  }

  private float binary(int row, Panels y, int target, Panels dy) {
    float sign = target == 1 ? 1f : -1f;
    float term = (float) margin - sign * y.get(row, 0);
    boolean counts = counts(term);
    dy.set(row, 0, counts ? -sign : 0f);
    return counts ? term : 0f;
  }

  private float multiclass(int row, Panels y, int target, Panels dy) {
    double sum = 0;
    int count = 0;
    for (int c = 0; c < y.columns(); c++) {
      float term = (float) margin + y.get(row, c) - y.get(row, target);
      boolean counts = c != target && counts(term);
      dy.set(row, c, counts ? 1f : 0f);
      sum += counts ? term : 0f;
      count += counts ? 1 : 0;
    }
    dy.set(row, target, count == 0 ? 0f : -count);
    return (float) sum;
  }

  /** So written, a NaN counts. */
  private static boolean counts(float term) {
    return !(term < 0f);
  }

  @Override
  public double exact(double[] y, double[] target) {
    if (y.length == 1) {
      return Math.max(0, margin - (target[0] > 0.5 ? y[0] : -y[0]));
    }
    int t = 0;
    for (int c = 1; c < y.length; c++) {
      t = target[c] > target[t] ? c : t;
    }
    double sum = 0;
    for (int c = 0; c < y.length; c++) {
      sum += c == t ? 0 : Math.max(0, margin + y[c] - y[t]);
    }
    return sum;
  }

  /** {@code hinge}. */
  public static final class Kind implements LossKind {
    private static final Setting<Double> MARGIN =
        Setting.number(
            "margin", 1, Range.NOT_NEGATIVE, "how far others should stay below; 0: a perceptron");

    @Override
    public String name() {
      return "hinge";
    }

    @Override
    public String meaning() {
      return "the sum over other classes of max(0, margin + z_c - z_t)";
    }

    @Override
    public List<Setting<?>> settings() {
      return List.of(MARGIN, CLASS_WEIGHTS);
    }

    @Override
    public Loss create(Settings settings) {
      return new Hinge(settings.get(MARGIN), settings.get(CLASS_WEIGHTS));
    }
  }
}
