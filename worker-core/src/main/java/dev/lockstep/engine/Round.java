package dev.lockstep.engine;

import java.io.Serializable;

/**
 * Consecutive steps between two complete states; the unit of retry. Its length affects no result.
 *
 * @param first the first step (from 0)
 * @param steps how many, at least 1
 */
public record Round(long first, int steps) implements Serializable {
  public Round {
    if (first < 0 || steps < 1) {
      throw new IllegalArgumentException(
          "a round of %d steps from %d: want 1 or more from 0".formatted(steps, first));
    }
  }

  /**
   * Checks that this round is the next one of a state.
   *
   * @throws IllegalArgumentException otherwise
   */
  public void checkFollows(State state) {
    if (first != state.step()) {
      throw new IllegalArgumentException(
          "a round from step %d for a state of step %d".formatted(first, state.step()));
    }
  }

  /** Behind the last step. */
  public long end() {
    return first + steps;
  }
}
