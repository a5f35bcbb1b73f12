package dev.lockstep.engine;

import java.util.function.Consumer;

/** A way to execute rounds. Every engine returns the same state and records, bit for bit. */
public interface Engine extends AutoCloseable {
  /** The name in configurations. */
  String name();

  /** N: how many ranks train together. */
  int ranks();

  /**
   * Executes a round.
   *
   * @throws DivergedException at the first step with a non-finite loss, norm, parameter or slot
   * @throws CancelledException after {@link #cancel}
   */
  RoundResult advance(State state, Round round);

  /**
   * Lets somebody hear of steps while their round still runs: some or all of them, from any thread,
   * and again if the round is run again. What counts is the result of {@link #advance}.
   */
  void watch(Consumer<StepRecord> watcher);

  /** Gives back what is held for a round that follows at once: something else comes first. */
  default void rest() {}

  /** Ends a running {@link #advance} soon, from another thread; it and later ones throw. */
  void cancel();

  @Override
  void close();
}
