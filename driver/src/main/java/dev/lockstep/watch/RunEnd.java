package dev.lockstep.watch;

import dev.lockstep.metric.Evaluation;
import java.util.Optional;

/**
 * How a run ended.
 *
 * @param status how
 * @param message why, in a sentence; empty where nothing is to be said
 * @param train over the training set, where it came to that
 * @param test over the test set, likewise
 */
public record RunEnd(
    Status status, String message, Optional<Evaluation> train, Optional<Evaluation> test) {
  /** How a run can end. */
  public enum Status {
    /** It came to its end. */
    FINISHED,
    /** Somebody stopped it; it can go on. */
    INTERRUPTED,
    /** It left the finite numbers. */
    DIVERGED,
    /** Data, cluster or program failed it. */
    FAILED
  }

  /** Of a run that came to its end. */
  public static RunEnd finished(Evaluation train, Optional<Evaluation> test) {
    return new RunEnd(Status.FINISHED, "", Optional.of(train), test);
  }

  /** Of a run that did not. */
  public static RunEnd early(Status status, String message) {
    return new RunEnd(status, message, Optional.empty(), Optional.empty());
  }
}
