package dev.lockstep.cli;

import dev.lockstep.train.SparkSessions;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;

/** Spark for a command: opened when it is first asked for, stopped in the end. */
final class SparkSession implements Supplier<JavaSparkContext>, AutoCloseable {
  private final Optional<String> master;
  private JavaSparkContext context;

  /**
   * Spark that is not open yet.
   *
   * @param master what {@code --master} says
   */
  SparkSession(Optional<String> master) {
    this.master = master;
  }

  @Override
  public synchronized JavaSparkContext get() {
    if (context == null) {
      context = SparkSessions.open(master);
    }
    return context;
  }

  /** The same, opened so that tables can be read and written with it. */
  synchronized JavaSparkContext forTables() {
    if (context == null) {
      context = SparkSessions.openForTables(master);
    }
    return context;
  }

  @Override
  public synchronized void close() {
    if (context != null) {
      context.stop();
    }
  }
}
