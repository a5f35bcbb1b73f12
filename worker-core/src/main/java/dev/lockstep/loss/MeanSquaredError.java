package dev.lockstep.loss;

import dev.lockstep.setting.Settings;

/**
 * The mean over outputs of squared errors:
 *
 * <pre>  loss = 1/O sum over o of (y_o - t_o)^2      dy_o = 2 (y_o - t_o) / O</pre>
 *
 * <p>That is PyTorch's {@code MSELoss}. (Goodfellow, Bengio and Courville, "Deep Learning", 2016,
 * section 5.1.4; the quadratic cost of Nielsen, "Neural Networks and Deep Learning", 2015, is half
 * of it times O.)
 */
public record MeanSquaredError() implements ElementwiseLoss {
  @Override
  public String name() {
    return "mean-squared-error";
  }

  /** Halfway between 0 and 1. */
  @Override
  public float threshold() {
    return 0.5f;
  }

  @Override
  public boolean estimatesVectors(int outputs) {
    return true;
  }

  @Override
  public float loss(float y, float t) {
    return (y - t) * (y - t);
  }

  @Override
  public float derivative(float y, float t) {
    return 2f * (y - t);
  }

  @Override
  public double exact(double y, double t) {
    return (y - t) * (y - t);
  }

  /** {@code mean-squared-error}. */
  public static final class Kind implements LossKind {
    @Override
    public String name() {
      return "mean-squared-error";
    }

    @Override
    public String meaning() {
      return "the mean over outputs of (y - t)^2";
    }

    @Override
    public Loss create(Settings settings) {
      return new MeanSquaredError();
    }
  }
}
