package dev.lockstep.gradient;

import java.io.Serializable;

/**
 * Two unbiased estimates of one step. Either may be negative; their averages over steps are what
 * counts.
 *
 * @param trace of the covariance of the gradients of single examples; NaN where it was not measured
 * @param gradientSquares squared norm of the gradient over the training set; NaN likewise
 */
public record NoiseSample(double trace, double gradientSquares) implements Serializable {
  /** Not measured. */
  public static final NoiseSample NONE = new NoiseSample(Double.NaN, Double.NaN);

  /** Whether it was measured. */
  public boolean isMeasured() {
    return !Double.isNaN(trace);
  }
}
