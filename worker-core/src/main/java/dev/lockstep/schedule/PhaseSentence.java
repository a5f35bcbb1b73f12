package dev.lockstep.schedule;

import dev.lockstep.setting.Range;
import dev.lockstep.setting.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A phase as configurations have it.
 *
 * @param kind of its schedule
 * @param rate in the place of the run's; empty for the run's
 * @param settings of its schedule
 * @param length how long it is; empty for what is left of the run
 */
record PhaseSentence(
    ScheduleKind kind, Optional<Double> rate, Settings settings, Optional<Length> length) {
  private static final Pattern FOR = Pattern.compile("(?:(.*)\\s)?for\\s+(.+)");
  private static final Pattern BLANK = Pattern.compile("\\s+");

  /**
   * Reads a phase.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static PhaseSentence parse(String text) {
    Matcher matcher = FOR.matcher(text);
    boolean hasLength = matcher.matches();
    Optional<Length> length = hasLength ? Optional.of(length(matcher.group(2))) : Optional.empty();
    String rest = hasLength ? Optional.ofNullable(matcher.group(1)).orElse("") : text;
    List<String> words = List.of(BLANK.split(rest.strip(), -1));
    ScheduleKind kind = Schedules.KINDS.get(words.get(0));
    if (kind instanceof Sequence.Kind) {
      throw new IllegalArgumentException("want no sequence within a sequence");
    }
    boolean hasRate = words.size() > 1 && words.get(1).equals("at");
    Optional<Double> rate =
        hasRate ? Optional.of(rate(words.size() > 2 ? words.get(2) : "")) : Optional.empty();
    List<String> settings = words.subList(hasRate ? 3 : 1, words.size());
    return new PhaseSentence(kind, rate, Settings.read(kind, given(settings)), length);
  }

  private static Length length(String text) {
    return Length.read(text)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "for %s: want a number of epochs, steps or examples".formatted(text)));
  }

  private static double rate(String word) {
    try {
      double rate = Double.parseDouble(word);
      Range.NOT_NEGATIVE.check("at", rate);
      return rate;
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("at %s: want a rate, such as at 0.01".formatted(word), e);
    }
  }

  /** A word without = belongs to the value before it, as in {@code every=200 steps}. */
  private static Map<String, String> given(List<String> words) {
    Map<String, String> given = new LinkedHashMap<>();
    String name = "";
    for (String word : words) {
      int equals = word.indexOf('=');
      if (equals > 0) {
        name = word.substring(0, equals);
        if (given.put(name, word.substring(equals + 1)) != null) {
          throw new IllegalArgumentException("%s: want it once".formatted(name));
        }
      } else if (name.isEmpty()) {
        throw new IllegalArgumentException(
            "%s: want settings such as factor=0.1, or \"for\" and a length".formatted(word));
      } else {
        given.merge(name, word, (value, more) -> value + " " + more);
      }
    }
    return given;
  }

  /** Its schedule, for so many steps. */
  Schedule create(Horizon horizon, long steps) {
    return kind.create(
        settings, new Horizon(rate.orElse(horizon.rate()), horizon.plan(), horizon.first(), steps));
  }
}
