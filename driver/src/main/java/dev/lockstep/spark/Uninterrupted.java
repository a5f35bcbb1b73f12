package dev.lockstep.spark;

import org.apache.spark.api.java.JavaRDD;

/**
 * What must be done though the thread has been interrupted: Spark asks its own endpoints, and would
 * give up asking.
 */
public final class Uninterrupted {
  private Uninterrupted() {}

  /**
   * Has a cached data set forgotten.
   *
   * @param isBlocking whether to wait until it is
   */
  public static void unpersist(JavaRDD<?> cached, boolean isBlocking) {
    boolean isInterrupted = Thread.interrupted();
    try {
      cached.unpersist(isBlocking);
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
