package dev.lockstep.config;

import java.util.OptionalInt;

/**
 * The unit of retry.
 *
 * @param steps steps of a round; empty for about 5 s of work
 * @param attempts how often a round is tried before the run fails
 */
public record RoundConfig(OptionalInt steps, int attempts) {
  private static final int MAX_ATTEMPTS = 1000;

  public RoundConfig {
    Checks checks = new Checks();
    steps.ifPresent(s -> checks.range("round.steps", s, 1, RunConfig.MAX_STEPS));
    checks.range("round.attempts", attempts, 1, MAX_ATTEMPTS);
    checks.done();
  }

  static RoundConfig read(Values values) {
    return new RoundConfig(
        values.wholeIntOr("round.steps", RunConfig.AUTO), values.wholeInt("round.attempts"));
  }

  void write(Entries entries) {
    entries.put("round.steps", steps, RunConfig.AUTO);
    entries.put("round.attempts", attempts);
  }
}
