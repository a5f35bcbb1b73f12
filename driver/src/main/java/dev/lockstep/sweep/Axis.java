package dev.lockstep.sweep;

import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.Optional;

/**
 * A configuration key and the values that it takes.
 *
 * @param key of the configuration
 * @param values those of a grid; empty for an interval without points
 * @param interval what they lie in, where that is what the user gave
 * @param origin where the user wrote it
 */
record Axis(
    String key, List<ConfigValue> values, Optional<Interval> interval, ConfigOrigin origin) {
  Axis {
    values = List.copyOf(values);
  }

  /** Each of its values as a point. */
  List<Point> points() {
    return values.stream().map(value -> Point.of(key, value)).toList();
  }

  /**
   * The value at a place of the axis.
   *
   * @param place in [0, 1)
   */
  ConfigValue at(double place) {
    return interval.isPresent()
        ? number(interval.get().at(place), interval.get(), origin)
        : values.get((int) (place * values.size()));
  }

  /** A number as a user would write it. */
  static ConfigValue number(double number, Interval interval, ConfigOrigin origin) {
    Object written = interval.isWhole() ? (Object) (long) number : (Object) number;
    return ConfigValueFactory.fromAnyRef(written).withOrigin(origin);
  }

  /** Whether its values are numbers, of which one can lie at an edge. */
  boolean isNumeric() {
    return interval.isPresent()
        || values.stream().allMatch(value -> value.valueType() == ConfigValueType.NUMBER);
  }
}
