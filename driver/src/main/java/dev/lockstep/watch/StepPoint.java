package dev.lockstep.watch;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.lockstep.engine.StepRecord;

/**
 * A step, as it stands in {@code metrics.jsonl}.
 *
 * @param step its number, from 1
 * @param epoch its epoch, from 1
 * @param loss mean loss of its examples before the update
 * @param learningRate the rate of its update
 * @param gradNorm Euclidean norm of the mean gradient
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record StepPoint(long step, long epoch, double loss, double learningRate, double gradNorm) {
  static StepPoint of(StepRecord record) {
    return new StepPoint(
        record.step(), record.epoch(), record.loss(), record.learningRate(), record.gradNorm());
  }
}
