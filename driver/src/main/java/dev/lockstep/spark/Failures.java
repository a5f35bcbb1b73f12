package dev.lockstep.spark;

import dev.lockstep.data.DataException;
import java.util.Optional;
import org.apache.spark.SparkException;

/** Reads what went wrong out of what Spark throws. */
public final class Failures {
  private static final String CANCELLED = "SPARK_JOB_CANCELLED";

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

  /** Whether someone has cancelled the job that failed. */
  static boolean isCancelled(Throwable error) {
    return find(error, SparkException.class)
        .filter(failed -> CANCELLED.equals(failed.getCondition()))
        .isPresent();
  }

  /**
   * Whether this thread was interrupted while it waited for a job; the job goes on, and the thread
   * no longer knows.
   */
  static boolean isInterrupted(Throwable error) {
    return find(error, InterruptedException.class).isPresent();
  }

  /**
   * What a job fails with: what it says of the data, or a sentence that begins as given. A thread
   * that was interrupted meanwhile knows so again.
   */
  public static RuntimeException of(String beginning, Exception error) {
    Optional<DataException> data = find(error, DataException.class);
    if (data.isPresent()) {
      return data.get();
    }
    if (isInterrupted(error)) {
      Thread.currentThread().interrupt();
      return new ClusterException(beginning + ": interrupted", error);
    }
    return new ClusterException(beginning + ": " + describe(error), error);
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
