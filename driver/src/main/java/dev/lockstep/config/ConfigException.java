package dev.lockstep.config;

import java.util.List;
import java.util.stream.Collectors;

/** A run that cannot be as it was asked for; the message has one line for each mistake. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<Mistake> mistakes;

  /** With one sentence, or several lines of one sentence each. */
  public ConfigException(String message) {
    super(message);
    this.mistakes = List.of();
  }

  /** With one sentence and what led to it. */
  public ConfigException(String message, Throwable cause) {
    super(message, cause);
    this.mistakes = List.of();
  }

  ConfigException(List<Mistake> mistakes) {
    super(mistakes.stream().map(Mistake::sentence).collect(Collectors.joining("\n")));
    this.mistakes = List.copyOf(mistakes);
  }

  /** The values that a section refused; empty if a message is all there is. */
  List<Mistake> mistakes() {
    return mistakes;
  }
}
