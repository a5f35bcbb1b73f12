package dev.lockstep.bench;

import dev.lockstep.engine.Engine;
import dev.lockstep.engine.Round;
import dev.lockstep.engine.RoundResult;
import dev.lockstep.engine.State;
import dev.lockstep.engine.StepRecord;
import dev.lockstep.engine.Training;
import dev.lockstep.init.InitScheme;
import java.util.ArrayList;
import java.util.List;

/** An engine with the state that it has come to: one side of a comparison. */
final class Side implements AutoCloseable {
  private static final long TURN_NANOS = 150_000_000;
  private static final int MAX_STEPS = 400;

  private final Engine engine;
  private State state;
  private double beside;

  Side(Engine engine, State first) {
    this.engine = engine;
    this.state = first;
  }

  /** From He's initial weights. */
  static Side of(Engine engine, Training training) {
    return new Side(
        engine,
        State.initial(training, InitScheme.heNormal().parameters(training.network().layout(), 1)));
  }

  /** Goes on by a round of so many steps: nanoseconds of a step, as the engine counts them. */
  double step(int steps) {
    long start = System.nanoTime();
    RoundResult result = engine.advance(state, new Round(state.step(), steps));
    beside = (double) (System.nanoTime() - start - result.nanos());
    state = result.state();
    return (double) result.nanos() / steps;
  }

  /** Goes on for so many nanoseconds at least; how many steps then take as long as a turn. */
  int warmUp(long nanos) {
    long end = System.nanoTime() + nanos;
    int steps = 1;
    do {
      steps = (int) Math.max(1, Math.min(MAX_STEPS, TURN_NANOS / step(steps)));
    } while (System.nanoTime() < end);
    return steps;
  }

  /** Nanoseconds of the last round that were no steps. */
  double beside() {
    return beside;
  }

  /** Goes on at once by a round of one step: nanoseconds of the round that were no step. */
  double besideNext() {
    double unused = step(1);
    return beside;
  }

  /**
   * Goes on by a round of so many steps and one before them: nanoseconds of a step, without what a
   * round begins and ends with. For engines that tell of each step when it is done.
   */
  double stepWithin(int steps) {
    List<Long> ends = new ArrayList<>();
    engine.watch((StepRecord step) -> ends.add(System.nanoTime()));
    step(steps + 1);
    engine.watch(step -> {});
    return (double) (ends.get(steps) - ends.get(0)) / steps;
  }

  @Override
  public void close() {
    engine.close();
  }
}
