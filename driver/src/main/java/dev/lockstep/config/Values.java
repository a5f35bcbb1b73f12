package dev.lockstep.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * HOCON values by key, as types. A value of another type is noted as a mistake, and its default
 * takes its place so that reading can go on.
 */
final class Values {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,12})\\s*(ms|s|m|h)");
  private static final Pattern BYTES = Pattern.compile("([0-9]{1,15})\\s*([kmgtKMGT]?)");
  private static final List<String> BYTE_UNITS = List.of("", "k", "m", "g", "t");

  private final Map<String, ConfigValue> given;
  private final Map<String, ConfigValue> defaults;
  private final List<Mistake> mistakes = new ArrayList<>();

  Values(Map<String, ConfigValue> given, Map<String, ConfigValue> defaults) {
    this.given = given;
    this.defaults = defaults;
  }

  /** What was wrong so far. */
  List<Mistake> mistakes() {
    return mistakes;
  }

  /** Reads a section; where it is refused, its mistakes are noted and its defaults returned. */
  <T> T section(Function<Values, T> read) {
    try {
      return read.apply(this);
    } catch (ConfigException e) {
      mistakes.addAll(e.mistakes());
      return read.apply(new Values(defaults, defaults));
    }
  }

  /** A whole number that a long can hold. */
  long whole(String key) {
    return read(
            key,
            "want a whole number from %d to %d".formatted(Long.MIN_VALUE, Long.MAX_VALUE),
            value ->
                toWhole(value).filter(n -> n.compareTo(BigDecimal.valueOf(nearestLong(n))) == 0))
        .longValueExact();
  }

  /** A whole number; one beyond int comes as the nearest int, for the section to refuse. */
  int wholeInt(String key) {
    return nearestInt(read(key, "want a whole number", Values::toWhole));
  }

  /** A whole number, or empty for a word; one beyond int as in {@link #wholeInt}. */
  OptionalInt wholeIntOr(String key, String word) {
    return read(
        key,
        "want %s or a whole number".formatted(word),
        value ->
            scalar(value).filter(word::equals).isPresent()
                ? Optional.of(OptionalInt.empty())
                : toWhole(value).map(n -> OptionalInt.of(nearestInt(n))));
  }

  /** A number, or empty for a word. */
  OptionalDouble numberOr(String key, String word) {
    return read(
        key,
        "want %s or a number".formatted(word),
        value ->
            scalar(value).filter(word::equals).isPresent()
                ? Optional.of(OptionalDouble.empty())
                : toDecimal(value).map(n -> OptionalDouble.of(n.doubleValue())));
  }

  boolean truth(String key) {
    return read(
        key,
        "want true or false",
        value -> scalar(value).filter(List.of("true", "false")::contains).map(Boolean::valueOf));
  }

  double number(String key) {
    return read(key, "want a number", value -> toDecimal(value).map(BigDecimal::doubleValue));
  }

  String text(String key) {
    return read(key, "want a text", Values::scalar);
  }

  List<String> texts(String key) {
    return read(key, "want a list of texts, such as [a, b]", Values::toTexts);
  }

  /** The entries of a network, of which each may be a text or a section. */
  List<String> layers(String key) {
    return read(
        key,
        "want a list of layers, such as [dense 256 relu, dense 10]",
        value ->
            value instanceof ConfigList list
                ? Optional.of(LayerEntries.read(list, mistakes))
                : Optional.empty());
  }

  /** The given keys that begin with a prefix, such as {@code init.}. */
  List<String> givenIn(String prefix) {
    return given.keySet().stream().filter(key -> key.startsWith(prefix)).sorted().toList();
  }

  /** The keys of {@code conf/reference.conf}. */
  Set<String> keys() {
    return defaults.keySet();
  }

  /** A value of any type as a kind reads it: a list is written {@code [a, b]}. */
  String words(String key) {
    return words(value(key));
  }

  static String words(ConfigValue value) {
    return value instanceof ConfigList list
        ? list.stream().map(Values::words).collect(Collectors.joining(", ", "[", "]"))
        : scalar(value).orElseGet(() -> value.render(ConfigRenderOptions.concise()));
  }

  Duration duration(String key) {
    return read(key, "want a number with one of the units ms, s, m, h", Values::toDuration);
  }

  /** A number of bytes, or empty for a word. */
  OptionalLong bytesOr(String key, String word) {
    return read(
        key,
        "want %s or a number of bytes with one of the units k, m, g, t".formatted(word),
        value ->
            scalar(value).filter(word::equals).isPresent()
                ? Optional.of(OptionalLong.empty())
                : toBytes(value));
  }

  private static Optional<OptionalLong> toBytes(ConfigValue value) {
    Matcher matcher = BYTES.matcher(scalar(value).orElse(""));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    int power = BYTE_UNITS.indexOf(matcher.group(2).toLowerCase(Locale.ROOT));
    BigInteger bytes = new BigInteger(matcher.group(1)).shiftLeft(10 * power);
    return bytes.bitLength() < Long.SIZE
        ? Optional.of(OptionalLong.of(bytes.longValueExact()))
        : Optional.empty();
  }

  /** The value of a key as the user wrote it. */
  String written(String key) {
    return written(value(key));
  }

  /** A value as the user wrote it, quoted where it could not be seen otherwise. */
  static String written(ConfigValue value) {
    return scalar(value)
        .filter(text -> !text.isBlank())
        .orElseGet(() -> value.render(ConfigRenderOptions.concise()));
  }

  ConfigValue value(String key) {
    return given.getOrDefault(key, defaults.get(key));
  }

  private <T> T read(String key, String want, Function<ConfigValue, Optional<T>> convert) {
    Optional<T> converted = convert.apply(value(key));
    if (converted.isEmpty()) {
      mistakes.add(new Mistake(key, Optional.of(written(key)), want));
      return convert.apply(defaults.get(key)).orElseThrow();
    }
    return converted.get();
  }

  /** The text of a value that is no list or section. */
  static Optional<String> scalar(ConfigValue value) {
    ConfigValueType type = value.valueType();
    boolean isScalar =
        type == ConfigValueType.STRING
            || type == ConfigValueType.NUMBER
            || type == ConfigValueType.BOOLEAN;
    return isScalar ? Optional.of(value.unwrapped().toString()) : Optional.empty();
  }

  private static Optional<BigDecimal> toDecimal(ConfigValue value) {
    try {
      return scalar(value).map(BigDecimal::new);
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  private static Optional<BigDecimal> toWhole(ConfigValue value) {
    return toDecimal(value).filter(n -> n.stripTrailingZeros().scale() <= 0);
  }

  private static Optional<List<String>> toTexts(ConfigValue value) {
    if (value.valueType() != ConfigValueType.LIST) {
      return Optional.empty();
    }
    List<String> texts = new ArrayList<>();
    for (ConfigValue element : (ConfigList) value) {
      Optional<String> text = scalar(element);
      if (text.isEmpty()) {
        return Optional.empty();
      }
      texts.add(text.get());
    }
    return Optional.of(texts);
  }

  private static Optional<Duration> toDuration(ConfigValue value) {
    Matcher matcher = DURATION.matcher(scalar(value).orElse(""));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(matcher.group(1));
    return Optional.of(
        switch (matcher.group(2)) {
          case "ms" -> Duration.ofMillis(count);
          case "s" -> Duration.ofSeconds(count);
          case "m" -> Duration.ofMinutes(count);
          default -> Duration.ofHours(count);
        });
  }

  private static int nearestInt(BigDecimal number) {
    return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, nearestLong(number)));
  }

  private static long nearestLong(BigDecimal number) {
    BigDecimal most = BigDecimal.valueOf(Long.MAX_VALUE);
    BigDecimal least = BigDecimal.valueOf(Long.MIN_VALUE);
    return number.min(most).max(least).longValueExact();
  }
}
