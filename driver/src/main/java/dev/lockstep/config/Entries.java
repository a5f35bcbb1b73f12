package dev.lockstep.config;

import com.typesafe.config.ConfigUtil;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/** Keys and their values as HOCON, in order; the same text on every JVM. */
final class Entries {
  private static final int MAX_DIGITS = 17;
  private static final int MAX_PLAIN_SCALE = 7;

  private final Map<String, String> values = new LinkedHashMap<>();

  void put(String key, long value) {
    values.put(key, Long.toString(value));
  }

  void put(String key, OptionalInt value, String word) {
    values.put(key, value.isPresent() ? Integer.toString(value.getAsInt()) : word);
  }

  void put(String key, OptionalDouble value, String word) {
    values.put(key, value.isPresent() ? shortest(value.getAsDouble()) : word);
  }

  /** A number of bytes, in the largest unit that makes it a whole number. */
  void put(String key, OptionalLong bytes, String word) {
    values.put(key, bytes.isPresent() ? withUnit(bytes.getAsLong()) : word);
  }

  private static String withUnit(long bytes) {
    int power = bytes == 0 ? 0 : Math.min(4, Long.numberOfTrailingZeros(bytes) / 10);
    return (bytes >> (10 * power)) + List.of("", "k", "m", "g", "t").get(power);
  }

  void put(String key, boolean value) {
    values.put(key, Boolean.toString(value));
  }

  void put(String key, double value) {
    values.put(key, shortest(value));
  }

  void put(String key, Duration value) {
    long millis = value.toMillis();
    values.put(key, millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms");
  }

  void put(String key, String value) {
    values.put(key, ConfigUtil.quoteString(value));
  }

  void put(String key, List<String> value) {
    values.put(
        key,
        value.stream().map(ConfigUtil::quoteString).collect(Collectors.joining(", ", "[", "]")));
  }

  /** A value that a setting of a kind can have. */
  void putSetting(String key, Object value) {
    values.put(key, hocon(value));
  }

  private static String hocon(Object value) {
    if (value instanceof Double number) {
      return shortest(number);
    }
    if (value instanceof List<?> list) {
      return list.stream().map(Entries::hocon).collect(Collectors.joining(", ", "[", "]"));
    }
    boolean isPlain = value instanceof Integer || value instanceof Boolean;
    return isPlain ? value.toString() : ConfigUtil.quoteString(value.toString());
  }

  /** What was put, in that order. */
  Map<String, String> values() {
    return Collections.unmodifiableMap(values);
  }

  /** As HOCON, a line for each key. */
  static String render(Map<String, String> values) {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + " = " + entry.getValue() + "\n")
        .collect(Collectors.joining());
  }

  /** The fewest digits that read back as the same double. {@link Double#toString} changed in 19. */
  static String shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    BigDecimal rounded = exact;
    for (int digits = 1; digits <= MAX_DIGITS; digits++) {
      rounded = exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
      if (rounded.doubleValue() == value) {
        break;
      }
    }
    BigDecimal stripped = rounded.stripTrailingZeros();
    return Math.abs(stripped.scale()) <= MAX_PLAIN_SCALE
        ? stripped.toPlainString()
        : stripped.toString();
  }
}
