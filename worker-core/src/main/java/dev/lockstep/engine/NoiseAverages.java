package dev.lockstep.engine;

import dev.lockstep.gradient.NoiseSample;
import dev.lockstep.gradient.NoiseSampling;
import java.io.Serializable;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Moving averages of the two estimates behind the gradient noise scale. Each is averaged by itself,
 * since the ratio of two averages is far less biased than the average of ratios (McCandlish et al.
 * 2018, appendix A.1). Both begin at 0, and the ratio makes up for that.
 *
 * @param trace of the covariance of the gradients of examples
 * @param gradientSquares of the gradient over the training set
 */
public record NoiseAverages(double trace, double gradientSquares) implements Serializable {
  /** Before the first measurement. */
  public static final NoiseAverages NONE = new NoiseAverages(0, 0);

  /** After one step more. */
  public NoiseAverages after(StepRecord step, NoiseSampling sampling) {
    NoiseSample sample = step.noise();
    if (!sample.isMeasured()) {
      return this;
    }
    double keep = sampling.decay();
    return new NoiseAverages(
        keep * trace + (1 - keep) * sample.trace(),
        keep * gradientSquares + (1 - keep) * sample.gradientSquares());
  }

  /** After some steps more. */
  NoiseAverages after(List<StepRecord> steps, NoiseSampling sampling) {
    NoiseAverages averages = this;
    for (StepRecord step : steps) {
      averages = averages.after(step, sampling);
    }
    return averages;
  }

  /**
   * The simple noise scale, {@code tr(covariance) / |G|^2} (equation 2.9): the batch size, in
   * examples, around which a larger batch begins to be of less use. Empty before the first
   * measurement, and where the averages are not above 0, so that noise hides the gradient.
   */
  public OptionalDouble scale() {
    return trace > 0 && gradientSquares > 0
        ? OptionalDouble.of(trace / gradientSquares)
        : OptionalDouble.empty();
  }
}
