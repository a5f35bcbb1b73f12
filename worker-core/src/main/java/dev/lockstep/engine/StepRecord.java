package dev.lockstep.engine;

import dev.lockstep.gradient.NoiseSample;
import java.io.Serializable;

/**
 * What a step has to tell; the same bits in every engine.
 *
 * @param step its number, from 1
 * @param epoch its epoch, from 1
 * @param examples how many it is over
 * @param loss mean loss of its examples before the update
 * @param learningRate the rate of its update
 * @param gradNorm Euclidean norm of the mean gradient
 * @param noise what the step says of the noise of gradients, where that is measured
 */
public record StepRecord(
    long step,
    long epoch,
    long examples,
    double loss,
    double learningRate,
    double gradNorm,
    NoiseSample noise)
    implements Serializable {
  /** A step in which noise is not measured. */
  public StepRecord(
      long step, long epoch, long examples, double loss, double learningRate, double gradNorm) {
    this(step, epoch, examples, loss, learningRate, gradNorm, NoiseSample.NONE);
  }
}
