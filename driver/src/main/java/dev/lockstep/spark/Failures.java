package dev.lockstep.spark;

import java.util.Optional;
import org.apache.spark.SparkException;

/** Reads what went wrong out of what Spark throws. */
public final class Failures {
  private Failures() {}

  /** The first exception of a type along the causes. */
  public static <T extends Throwable> Optional<T> find(Throwable error, Class<T> type) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (type.isInstance(e)) {
        return Optional.of(type.cast(e));
      }
    }
    return Optional.empty();
  }

  /** One sentence: the root cause if Spark passes it on, else the first line of its report. */
  public static String describe(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = String.valueOf(root.getMessage()).strip();
    int from = message.indexOf("Most recent failure reason: ");
    if (from >= 0) {
      message = message.substring(from + "Most recent failure reason: ".length()).strip();
    }
    int end = message.indexOf('\n');
    String line = end < 0 ? message : message.substring(0, end);
    boolean isSpark = root instanceof SparkException;
    return isSpark ? line : root.getClass().getSimpleName() + ": " + line;
  }
}
