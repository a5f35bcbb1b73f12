package dev.lockstep.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * An axis of a figure.
 *
 * @param name what is measured along it
 * @param scale how
 * @param categories what stands along it in place of numbers, from 0; empty for numbers
 */
record Axis(String name, Scale scale, List<String> categories) {
  /** How numbers lie along an axis. */
  enum Scale {
    LINEAR,
    LOG,
    PERCENT
  }

  Axis {
    categories = List.copyOf(categories);
  }

  static Axis linear(String name) {
    return new Axis(name, Scale.LINEAR, List.of());
  }

  /** For numbers above 0. */
  static Axis log(String name) {
    return new Axis(name, Scale.LOG, List.of());
  }

  /** For shares in [0, 1]. */
  static Axis percent(String name) {
    return new Axis(name, Scale.PERCENT, List.of());
  }

  static Axis of(String name, List<String> categories) {
    return new Axis(name, Scale.LINEAR, categories);
  }

  void write(ObjectNode json) {
    json.put("name", name);
    json.put("log", scale == Scale.LOG);
    json.put("percent", scale == Scale.PERCENT);
    if (!categories.isEmpty()) {
      categories.forEach(json.putArray("categories")::add);
    }
  }
}
