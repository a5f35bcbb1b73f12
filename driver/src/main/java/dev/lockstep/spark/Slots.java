package dev.lockstep.spark;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.apache.spark.api.java.JavaSparkContext;

/** How many tasks can run at the same time. */
public final class Slots {
  private static final long POLL_MILLIS = 50;

  private Slots() {}

  /** Public in bytecode, and the only place that knows all of cores, tasks' cores and resources. */
  public static int count(JavaSparkContext spark) {
    return spark
        .sc()
        .maxNumConcurrentTasks(spark.sc().resourceProfileManager().defaultResourceProfile());
  }

  /**
   * Waits until a lost executor has been replaced, or it is clear that it will not be.
   *
   * @return how many slots there are, which may be fewer than were wanted
   */
  static int awaitReplacement(
      JavaSparkContext spark, int wanted, Duration within, BooleanSupplier isCancelled)
      throws InterruptedException {
    long deadline = System.nanoTime() + within.toNanos();
    int slots = count(spark);
    while (slots < wanted && !isCancelled.getAsBoolean() && System.nanoTime() < deadline) {
      Thread.sleep(POLL_MILLIS);
      slots = count(spark);
    }
    return slots;
  }
}
