package dev.lockstep.watch;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.engine.TimeSplit;

/**
 * How fast consecutive steps were. The split is the mean over ranks, so that its parts add up to
 * about {@code nanos}.
 *
 * @param step the last of the steps
 * @param steps how many
 * @param examples of all of them
 * @param nanos wall time of all of them
 * @param compute nanoseconds of arithmetic
 * @param exchange nanoseconds of making, sending and merging what is exchanged
 * @param waiting nanoseconds of waiting for other ranks and for what is on its way
 */
@JsonIgnoreProperties(ignoreUnknown = true)
public record Pace(
    long step, long steps, long examples, long nanos, long compute, long exchange, long waiting) {
  /** How fast a round was. */
  public static Pace of(RoundResult result) {
    StepRecord last = result.records().get(result.records().size() - 1);
    TimeSplit sum = result.times().sum();
    int ranks = Math.max(1, result.times().ranks().size());
    return new Pace(
        last.step(),
        result.records().size(),
        result.examples(),
        result.nanos(),
        sum.compute() / ranks,
        sum.exchange() / ranks,
        sum.waiting() / ranks);
  }

  /** These steps and those that follow. */
  public Pace then(Pace next) {
    return new Pace(
        next.step,
        steps + next.steps,
        examples + next.examples,
        nanos + next.nanos,
        compute + next.compute,
        exchange + next.exchange,
        waiting + next.waiting);
  }

  /** Whether anybody measured where the time went. */
  public boolean isDivided() {
    return compute + exchange + waiting > 0;
  }

  /** Examples a second. */
  public double samplesPerSecond() {
    return examples / Math.max(1e-9, nanos / 1e9);
  }

  /**
   * Milliseconds that a part takes of a step.
   *
   * @param part nanoseconds of all steps
   */
  public double millisPerStep(long part) {
    return part / 1e6 / Math.max(1, steps);
  }
}
