package dev.lockstep.watch;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;

/**
 * A moment at which a run was looked at: the end of an epoch, or a validation.
 *
 * @param step the step behind which it was
 * @param epoch the epoch of that step
 * @param loss mean loss of the epoch so far, with the parameters of each of its steps
 * @param validation over what is held out
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record EpochPoint(long step, long epoch, double loss, Scores validation) {
  public EpochPoint {
    validation = validation == null ? Scores.NONE : validation;
  }
}
