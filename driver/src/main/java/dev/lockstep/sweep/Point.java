package dev.lockstep.sweep;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import dev.lockstep.train.Json;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A point of the space that is searched: values of some configuration keys, in order.
 *
 * @param values by key; each knows where the user wrote it
 */
record Point(Map<String, ConfigValue> values) {
  static final Point NONE = new Point(Map.of());

  Point {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  static Point of(String key, ConfigValue value) {
    return new Point(Map.of(key, value));
  }

  /** With the values of another, which go first where both have a key. */
  Point plus(Point other) {
    Map<String, ConfigValue> all = new LinkedHashMap<>(values);
    all.putAll(other.values);
    return new Point(all);
  }

  /** All combinations of one point of each list; the last list varies fastest. */
  static List<Point> product(List<List<Point>> lists) {
    List<Point> all = List.of(NONE);
    for (List<Point> list : lists) {
      List<Point> longer = new ArrayList<>();
      for (Point point : all) {
        list.forEach(each -> longer.add(point.plus(each)));
      }
      all = longer;
    }
    return List.copyOf(all);
  }

  /** As HOCON that a configuration is read from. */
  Config config() {
    Config config = ConfigFactory.empty();
    for (Map.Entry<String, ConfigValue> entry : values.entrySet()) {
      config = config.withValue(entry.getKey(), entry.getValue());
    }
    return config;
  }

  /** As JSON: {@code {"batch-size":128}}. */
  ObjectNode json() {
    ObjectNode json = Json.MAPPER.createObjectNode();
    values.forEach((key, value) -> json.set(key, Json.MAPPER.valueToTree(value.unwrapped())));
    return json;
  }

  /** For people: {@code batch-size=128 seed=1}. */
  String text() {
    return values.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + text(entry.getValue()))
        .collect(Collectors.joining(" "));
  }

  /** A value as people write it. */
  static String text(ConfigValue value) {
    return String.valueOf(value.unwrapped());
  }
}
