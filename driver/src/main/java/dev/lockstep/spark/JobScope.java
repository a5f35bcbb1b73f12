package dev.lockstep.spark;

import java.util.UUID;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * The jobs that a thread starts for a while, and those of threads that it starts meanwhile. They
 * have a tag, by which they can be cancelled; group and description that a user has given are left
 * as they are, so that {@code cancelJobGroup} reaches these jobs too.
 */
public final class JobScope implements AutoCloseable {
  private static final String DESCRIPTION = "spark.job.description";
  private static final String INTERRUPT = "spark.job.interruptOnCancel";

  private final JavaSparkContext spark;
  private final String tag;
  private final String description;
  private final String interrupt;

  private JobScope(JavaSparkContext spark, String tag) {
    this.spark = spark;
    this.tag = tag;
    this.description = spark.getLocalProperty(DESCRIPTION);
    this.interrupt = spark.getLocalProperty(INTERRUPT);
    spark.addJobTag(tag);
    // A rank that waits for others that are gone would not see for long that it should end.
    spark.setInterruptOnCancel(true);
  }

  /** Begins one of its own. */
  public static JobScope open(JavaSparkContext spark) {
    return open(spark, newTag());
  }

  /** Begins one with a tag. */
  static JobScope open(JavaSparkContext spark, String tag) {
    return new JobScope(spark, tag);
  }

  /** A tag that no other has. */
  static String newTag() {
    return "lockstep-" + UUID.randomUUID();
  }

  /** What Spark's pages say of jobs from here on. */
  void describe(String text) {
    spark.setJobDescription(text);
  }

  /** Ends all its jobs that run. */
  public void cancel() {
    spark.cancelJobsWithTag(tag);
  }

  @Override
  public void close() {
    spark.removeJobTag(tag);
    spark.setLocalProperty(DESCRIPTION, description);
    spark.setLocalProperty(INTERRUPT, interrupt);
  }
}
