package dev.lockstep.sweep;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/** Reads what a section says of the values of configuration keys: one, a list, or an interval. */
final class AxisReader {
  static final int MAX_POINTS = 10_000;

  static final double MAX_NUMBER = 1e30;
  private static final String FROM = "from";
  private static final String TO = "to";
  private static final String POINTS = "points";
  private static final String SCALE = "scale";
  private static final String WHOLE = "whole";
  private static final List<String> KEYS = List.of(FROM, TO, POINTS, SCALE, WHOLE);

  private final Mistakes mistakes;

  AxisReader(Mistakes mistakes) {
    this.mistakes = mistakes;
  }

  /** An axis for each key of a section. */
  List<Axis> axes(ConfigObject object) {
    return leaves("", object).entrySet().stream()
        .map(leaf -> axis(leaf.getKey(), leaf.getValue()))
        .toList();
  }

  private Axis axis(String key, ConfigValue value) {
    if (value instanceof ConfigObject interval) {
      return interval(key, interval);
    }
    if (value instanceof ConfigList list) {
      if (list.isEmpty()) {
        mistakes.add(key, list, "want at least one value");
      }
      Set<Object> seen = new LinkedHashSet<>();
      for (ConfigValue each : list) {
        if (!seen.add(each.unwrapped())) {
          mistakes.add(key, list, "want each value once");
        }
      }
      return new Axis(key, list, Optional.empty(), value.origin());
    }
    return new Axis(key, List.of(value), Optional.empty(), value.origin());
  }

  private Axis interval(String key, ConfigObject object) {
    mistakes.checkKeys(key + ".", object, KEYS);
    OptionalDouble from = end(key, object, FROM);
    OptionalDouble to = end(key, object, TO);
    boolean isLog = scale(key, object).equals("log");
    boolean isWhole = object.get(WHOLE) != null && isTrue(key, object.get(WHOLE));
    Axis nothing = new Axis(key, List.of(), Optional.empty(), object.origin());
    if (from.isEmpty() || to.isEmpty()) {
      return nothing;
    }
    double least = from.getAsDouble();
    double most = to.getAsDouble();
    if (least >= most || (isLog && least <= 0)) {
      mistakes.add(key, object, "want from below to, and above 0 where scale = log");
      return nothing;
    }
    Interval interval = new Interval(least, most, isLog, isWhole);
    List<ConfigValue> values = new ArrayList<>();
    int points = points(key, object);
    for (int p = 0; p < points; p++) {
      ConfigValue value =
          Axis.number(interval.at((double) p / (points - 1)), interval, object.origin());
      if (values.isEmpty() || !values.get(values.size() - 1).equals(value)) {
        values.add(value); // Whole numbers may lie closer than the points.
      }
    }
    return new Axis(key, values, Optional.of(interval), object.origin());
  }

  private OptionalDouble end(String key, ConfigObject object, String end) {
    ConfigValue value = object.get(end);
    if (value == null) {
      mistakes.add(
          object,
          "%s: %s is missing: want from, to, and points or a search that is quasi-random"
              .formatted(key, end));
      return OptionalDouble.empty();
    }
    if (value.unwrapped() instanceof Number number
        && Math.abs(number.doubleValue()) <= MAX_NUMBER) {
      return OptionalDouble.of(number.doubleValue());
    }
    mistakes.add(key + "." + end, value, "want a number");
    return OptionalDouble.empty();
  }

  private String scale(String key, ConfigObject object) {
    ConfigValue value = object.get(SCALE);
    if (value == null) {
      return "linear";
    }
    if (!List.of("log", "linear").contains(String.valueOf(value.unwrapped()))) {
      mistakes.add(key + "." + SCALE, value, "want one of log, linear");
    }
    return String.valueOf(value.unwrapped());
  }

  private boolean isTrue(String key, ConfigValue value) {
    if (value.unwrapped() instanceof Boolean truth) {
      return truth;
    }
    mistakes.add(key + "." + WHOLE, value, "want true or false");
    return false;
  }

  /** How many; 0 if the user does not say. */
  private int points(String key, ConfigObject object) {
    ConfigValue value = object.get(POINTS);
    if (value == null) {
      return 0;
    }
    if (value.unwrapped() instanceof Integer points && points >= 2 && points <= MAX_POINTS) {
      return points;
    }
    mistakes.add(key + "." + POINTS, value, "want a whole number from 2 to " + MAX_POINTS);
    return 2;
  }

  /** Wants the points of an interval, unless it is wrong anyway. */
  void checkListed(Axis axis) {
    if (axis.values().isEmpty() && axis.interval().isPresent()) {
      mistakes.add(
          "%s: %s: points is missing: how many of the interval a grid has"
              .formatted(axis.origin().description(), axis.key()));
    }
  }

  /** The values of a section by whole key, as the user wrote them. */
  static Map<String, ConfigValue> leaves(String prefix, ConfigObject object) {
    Map<String, ConfigValue> leaves = new LinkedHashMap<>();
    for (Map.Entry<String, ConfigValue> entry : Mistakes.inOrder(object)) {
      String key = prefix + entry.getKey();
      if (entry.getValue() instanceof ConfigObject section && !isInterval(section)) {
        leaves.putAll(leaves(key + ".", section));
      } else {
        leaves.put(key, entry.getValue());
      }
    }
    return leaves;
  }

  private static boolean isInterval(ConfigObject object) {
    return object.containsKey(FROM) || object.containsKey(TO) || object.containsKey(POINTS);
  }
}
