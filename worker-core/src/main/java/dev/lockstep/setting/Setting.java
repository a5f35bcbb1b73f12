package dev.lockstep.setting;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One thing that a {@link Kind} can be told.
 *
 * @param name in small letters and hyphens
 * @param want what a value must be, such as {@code a number above 0, at most 1}
 * @param meaning what it is, in one line without a full stop
 * @param byDefault the value where none is given; empty if one must be
 * @param isFlag whether its name alone means true
 * @param reader makes a value of a text; empty if the text is no value
 * @param <T> Double, Integer, Boolean, String, a type of a user's own whose {@code toString} reads
 *     back as an equal value, or a list of one of these
 */
public record Setting<T>(
    String name,
    String want,
    String meaning,
    Optional<T> byDefault,
    boolean isFlag,
    Function<String, Optional<T>> reader) {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,4})?");

  /** A number; it must lie in its range as a double and rounded to float. */
  public static Setting<Double> number(String name, double byDefault, Range range, String meaning) {
    return new Setting<>(
        name,
        "a number " + range,
        meaning,
        Optional.of(byDefault),
        false,
        text -> toNumber(text).filter(range::contains));
  }

  /** A number that must be given. */
  public static Setting<Double> number(String name, Range range, String meaning) {
    return new Setting<>(
        name,
        "a number " + range,
        meaning,
        Optional.empty(),
        false,
        text -> toNumber(text).filter(range::contains));
  }

  /** A whole number in [min, max]. */
  public static Setting<Integer> whole(
      String name, int byDefault, int min, int max, String meaning) {
    return whole(name, Optional.of(byDefault), min, max, meaning);
  }

  /** A whole number in [min, max] that must be given. */
  public static Setting<Integer> whole(String name, int min, int max, String meaning) {
    return whole(name, Optional.empty(), min, max, meaning);
  }

  private static Setting<Integer> whole(
      String name, Optional<Integer> byDefault, int min, int max, String meaning) {
    return new Setting<>(
        name,
        "a whole number from %d to %d".formatted(min, max),
        meaning,
        byDefault,
        false,
        text -> toWhole(text).filter(n -> n >= min && n <= max));
  }

  /** Yes or no; no by default. Its name alone means yes. */
  public static Setting<Boolean> flag(String name, String meaning) {
    return new Setting<>(
        name, "true or false", meaning, Optional.of(false), true, Setting::toBoolean);
  }

  /** One of some words. */
  public static Setting<String> choice(
      String name, String byDefault, List<String> words, String meaning) {
    return new Setting<>(
        name,
        "one of " + String.join(", ", words),
        meaning,
        Optional.of(byDefault),
        false,
        text -> Optional.of(text).filter(words::contains));
  }

  /** A list of numbers, written {@code [1, 2.5]}; empty by default. */
  public static Setting<List<Double>> numbers(String name, Range range, String meaning) {
    return list(
        name,
        "a list of numbers %s, such as [1, 2]".formatted(range),
        meaning,
        text -> toNumber(text).filter(range::contains));
  }

  /** A list of values, written {@code [1, a b]}; empty by default. */
  public static <E> Setting<List<E>> list(
      String name, String want, String meaning, Function<String, Optional<E>> item) {
    return new Setting<>(
        name, want, meaning, Optional.of(List.of()), false, text -> toList(text, item));
  }

  /** Words as they are, for a kind to read; empty by default. */
  public static Setting<List<String>> texts(String name, String want, String meaning) {
    return new Setting<>(
        name, want, meaning, Optional.of(List.of()), false, text -> Optional.of(toTexts(text)));
  }

  /** The same, without a default: it must be given. */
  public Setting<T> required() {
    return new Setting<>(name, want, meaning, Optional.empty(), isFlag, reader);
  }

  /** The value that a text stands for; empty if it stands for none. */
  public Optional<T> read(String text) {
    return reader.apply(text.strip());
  }

  private static Optional<Double> toNumber(String text) {
    return NUMBER.matcher(text).matches()
        ? Optional.of(Double.valueOf(text)).filter(Double::isFinite)
        : Optional.empty();
  }

  private static Optional<Integer> toWhole(String text) {
    return toNumber(text)
        .filter(n -> n == Math.rint(n) && Math.abs(n) <= Integer.MAX_VALUE)
        .map(Double::intValue);
  }

  private static Optional<Boolean> toBoolean(String text) {
    return switch (text) {
      case "true" -> Optional.of(true);
      case "false" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  private static <E> Optional<List<E>> toList(String text, Function<String, Optional<E>> item) {
    if (!isList(text)) {
      return Optional.empty();
    }
    List<E> values = new ArrayList<>();
    for (String word : toTexts(text)) {
      Optional<E> value = item.apply(word);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      values.add(value.get());
    }
    return Optional.of(List.copyOf(values));
  }

  private static boolean isList(String text) {
    return text.startsWith("[") && text.endsWith("]");
  }

  /** What stands between the commas that are in no brackets of their own. */
  private static List<String> toTexts(String text) {
    String inner = isList(text) ? text.substring(1, text.length() - 1) : text;
    List<String> texts = new ArrayList<>();
    int depth = 0;
    int start = 0;
    for (int i = 0; i <= inner.length(); i++) {
      char c = i == inner.length() ? ',' : inner.charAt(i);
      depth += c == '[' ? 1 : c == ']' ? -1 : 0;
      if (i == inner.length() || (c == ',' && depth == 0)) {
        String item = inner.substring(start, i).strip();
        if (!item.isEmpty()) {
          texts.add(item);
        }
        start = i + 1;
      }
    }
    return List.copyOf(texts);
  }
}
