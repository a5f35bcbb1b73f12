package dev.lockstep.setting;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What was given for a kind is not what it takes; all mistakes at once. */
public final class SettingsException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final transient List<Mistake> mistakes;

  /**
   * One mistake.
   *
   * @param name of the setting
   * @param value what was given; empty if nothing was
   * @param want what is wanted
   */
  public record Mistake(String name, Optional<String> value, String want) {
    /** As a sentence: {@code units = 0: want a whole number from 1 to 1048576}. */
    public String sentence() {
      return value
          .map(v -> "%s = %s: %s".formatted(name, v, want))
          .orElseGet(() -> "%s is missing: %s".formatted(name, want));
    }
  }

  public SettingsException(List<Mistake> mistakes) {
    super(mistakes.stream().map(Mistake::sentence).collect(Collectors.joining("; ")));
    this.mistakes = List.copyOf(mistakes);
  }

  /** The mistakes, in order. */
  public List<Mistake> mistakes() {
    return mistakes;
  }
}
