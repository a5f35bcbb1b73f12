package dev.lockstep.config;

import java.time.Duration;

/**
 * How ranks talk to each other.
 *
 * @param timeout how long a rank waits for another one
 * @param port where an executor listens; 0 for any free port
 * @param host the name under which others find an executor; empty for the one that Spark uses
 * @param bind the address that it listens at; empty for that of {@code host}
 */
public record ExchangeConfig(Duration timeout, int port, String host, String bind) {
  private static final Duration MIN_TIMEOUT = Duration.ofMillis(100);
  private static final Duration MAX_TIMEOUT = Duration.ofHours(24);
  private static final int MAX_PORT = 65_535;

  public ExchangeConfig {
    Checks checks = new Checks();
    checks.check(
        timeout.compareTo(MIN_TIMEOUT) >= 0 && timeout.compareTo(MAX_TIMEOUT) <= 0,
        "exchange.timeout",
        timeout,
        "want a duration from 100ms to 24h");
    checks.range("exchange.port", port, 0, MAX_PORT);
    checks.done();
  }

  static ExchangeConfig read(Values values) {
    return new ExchangeConfig(
        values.duration("exchange.timeout"),
        values.wholeInt("exchange.port"),
        values.text("exchange.host").strip(),
        values.text("exchange.bind").strip());
  }

  void write(Entries entries) {
    entries.put("exchange.timeout", timeout);
    entries.put("exchange.port", port);
    entries.put("exchange.host", host);
    entries.put("exchange.bind", bind);
  }
}
