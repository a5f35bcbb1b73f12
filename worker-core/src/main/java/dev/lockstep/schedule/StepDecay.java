package dev.lockstep.schedule;

/**
 * A rate that falls in stairs: {@code rate · factor^floor(step / every)}.
 *
 * @param rate the first rate
 * @param factor what a stair multiplies it by
 * @param every steps of a stair, at least 1
 */
public record StepDecay(double rate, double factor, long every) implements Schedule {
  public StepDecay {
    if (every < 1) {
      throw new IllegalArgumentException("a stair of %d steps: want 1 or more".formatted(every));
    }
  }

  @Override
  public double rate(long step) {
    long stairs = step / every;
    return rate * StrictMath.pow(factor, (double) stairs);
  }
}
