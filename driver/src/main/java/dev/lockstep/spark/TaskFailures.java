package dev.lockstep.spark;

import java.util.HashSet;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.TaskEndReason;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * What Spark knows of the first failure among the tasks of jobs with a tag. When a task of a
 * barrier stage fails, Spark ends the others too and tries again, so that what the job fails with
 * in the end may be a consequence.
 */
final class TaskFailures extends SparkListener {
  private final String jobTag;
  private final Set<Integer> stages = new HashSet<>();
  private String first;

  TaskFailures(String jobTag) {
    this.jobTag = jobTag;
  }

  /** Forgets what was, before another attempt. */
  synchronized void begin() {
    stages.clear();
    first = null;
  }

  /** The first failure since then. */
  synchronized Optional<String> first() {
    return Optional.ofNullable(first);
  }

  @Override
  public synchronized void onJobStart(SparkListenerJobStart job) {
    Properties properties = job.properties();
    if (properties != null && jobTag.equals(properties.getProperty("spark.jobTag.id"))) {
      job.stageIds().foreach(stage -> stages.add((Integer) stage));
    }
  }

  @Override
  public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
    if (first == null && stages.contains(end.stageId())) {
      first = describe(end.reason());
    }
  }

  /** One sentence; null for what is no failure of its own. */
  private static String describe(TaskEndReason reason) {
    if (reason instanceof ExecutorLostFailure lost) {
      String why = lost.reason().isDefined() ? lost.reason().get() : "the reason is not known";
      return "executor %s was lost: %s".formatted(lost.execId(), why);
    }
    if (reason instanceof ExceptionFailure failure) {
      String type = failure.className().substring(failure.className().lastIndexOf('.') + 1);
      return "%s: %s".formatted(type, failure.description());
    }
    return null;
  }
}
