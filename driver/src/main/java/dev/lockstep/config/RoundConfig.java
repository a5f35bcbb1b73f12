package dev.lockstep.config;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * The unit of retry.
 *
 * @param steps steps of a round; empty for about 5 s of work
 * @param attempts how often a round is tried before the run fails
 * @param slotsTimeout how long to wait for executors, at first and in the place of lost ones
 */
public record RoundConfig(OptionalInt steps, int attempts, Duration slotsTimeout) {
  private static final Duration MIN_TIMEOUT = Duration.ofSeconds(1);
  private static final Duration MAX_TIMEOUT = Duration.ofHours(24);
  private static final int MAX_ATTEMPTS = 1000;

  public RoundConfig {
    Checks checks = new Checks();
    steps.ifPresent(s -> checks.range("round.steps", s, 1, RunConfig.MAX_STEPS));
    checks.range("round.attempts", attempts, 1, MAX_ATTEMPTS);
    checks.check(
        slotsTimeout.compareTo(MIN_TIMEOUT) >= 0 && slotsTimeout.compareTo(MAX_TIMEOUT) <= 0,
        "round.slots-timeout",
        slotsTimeout,
        "want a duration from 1s to 24h");
    checks.done();
  }

  static RoundConfig read(Values values) {
    return new RoundConfig(
        values.wholeIntOr("round.steps", RunConfig.AUTO),
        values.wholeInt("round.attempts"),
        values.duration("round.slots-timeout"));
  }

  void write(Entries entries) {
    entries.put("round.steps", steps, RunConfig.AUTO);
    entries.put("round.attempts", attempts);
    entries.put("round.slots-timeout", slotsTimeout);
  }
}
