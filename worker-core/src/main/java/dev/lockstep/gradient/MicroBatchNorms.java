package dev.lockstep.gradient;

import java.io.Serializable;

/**
 * What some micro-batches have to tell of the noise of gradients.
 *
 * @param squares sum over them of the squared norm of the micro-batch's mean gradient
 * @param reciprocals sum over them of 1 over the examples of the micro-batch
 * @param count how many they are
 */
public record MicroBatchNorms(double squares, double reciprocals, long count)
    implements Serializable {
  /** Of none. */
  public static final MicroBatchNorms NONE = new MicroBatchNorms(0, 0, 0);

  /** Of one. */
  static MicroBatchNorms of(double squares, long examples) {
    return new MicroBatchNorms(squares, 1.0 / (double) examples, 1);
  }

  /** Of these and those of the right sibling. */
  MicroBatchNorms plus(MicroBatchNorms right) {
    if (right.count == 0) {
      return this;
    }
    return count == 0
        ? right
        : new MicroBatchNorms(
            squares + right.squares, reciprocals + right.reciprocals, count + right.count);
  }

  /**
   * What they and their whole batch say of the noise (McCandlish, Kaplan, Amodei and OpenAI Dota
   * Team, "An Empirical Model of Large-Batch Training", 2018, appendix A.1), for batches that are
   * drawn from n examples without replacement:
   *
   * <pre>
   *   trace  = (|g_b|^2 - |g_B|^2) / (1/b - 1/B)
   *   |G|^2  = |g_B|^2 - trace (1/B - 1/n)
   * </pre>
   *
   * <p>The paper draws with replacement and so has no 1/n. G is the gradient of the training set,
   * and the trace that of the covariance of its examples' gradients.
   *
   * @param squares |g_B|^2 of the mean gradient of the batch
   * @param batch B, its examples
   * @param examples n
   */
  public NoiseSample sample(double squares, long batch, long examples) {
    double small = this.squares / (double) count;
    double perSmall = reciprocals / (double) count;
    double perBatch = 1.0 / (double) batch;
    if (count == 0 || !(perSmall > perBatch)) {
      return NoiseSample.NONE;
    }
    double trace = (small - squares) / (perSmall - perBatch);
    return new NoiseSample(trace, squares - trace * (perBatch - 1.0 / (double) examples));
  }
}
