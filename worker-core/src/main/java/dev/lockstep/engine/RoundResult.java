package dev.lockstep.engine;

import java.util.List;

/**
 * What a round came to.
 *
 * @param state the state at its end
 * @param records its steps in order
 * @param nanos wall time that its steps took
 * @param times where that time went
 */
public record RoundResult(State state, List<StepRecord> records, long nanos, RoundTimes times) {
  public RoundResult {
    records = List.copyOf(records);
  }

  /** One whose time nobody divided. */
  public RoundResult(State state, List<StepRecord> records, long nanos) {
    this(state, records, nanos, RoundTimes.NONE);
  }

  /** The same with decisions taken at its end. */
  public RoundResult with(State state) {
    return new RoundResult(state, records, nanos, times);
  }

  /** The same, its time divided otherwise. */
  public RoundResult with(RoundTimes times) {
    return new RoundResult(state, records, nanos, times);
  }

  /** Examples of all steps. */
  public long examples() {
    return records.stream().mapToLong(StepRecord::examples).sum();
  }

  /** Examples a second. */
  public double samplesPerSecond() {
    return (double) examples() / Math.max(1e-9, nanos / 1e9);
  }
}
