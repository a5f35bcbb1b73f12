package dev.lockstep.watch;

import java.util.List;

/** What stands for keys that are not there in events of another version. */
final class Absent {
  private Absent() {}

  static String text(String value) {
    return value == null ? "" : value;
  }

  static <T> List<T> list(List<T> values) {
    return values == null ? List.of() : List.copyOf(values);
  }
}
