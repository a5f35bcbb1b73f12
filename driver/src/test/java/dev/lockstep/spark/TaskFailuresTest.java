package dev.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Properties;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.ExecutorLostFailure;
import org.apache.spark.TaskEndReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.StageInfo;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

final class TaskFailuresTest {
  private static final TaskEndReason KILLED = new TaskKilled("another failed", seq(), seq(), seq());
  private static final TaskEndReason LOST =
      new ExecutorLostFailure("1", true, Option.apply("Command exited with code 137"));
  private static final TaskEndReason THROWN =
      new ExceptionFailure(new IllegalStateException("no port"), seq());

  private final TaskFailures failures = new TaskFailures("ours");

  private static <T> Seq<T> seq() {
    return CollectionConverters.asScala(List.<T>of()).toSeq();
  }

  private void begin(String jobTag, int stage) {
    Properties properties = new Properties();
    properties.setProperty("spark.jobTag.id", jobTag);
    StageInfo info =
        new StageInfo(stage, 0, "", 2, seq(), seq(), "", null, seq(), Option.empty(), 0, false, 0);
    Seq<StageInfo> stages = CollectionConverters.asScala(List.of(info)).toSeq();
    failures.onJobStart(new SparkListenerJobStart(0, 0, stages, properties));
  }

  private void end(int stage, TaskEndReason reason) {
    failures.onTaskEnd(new SparkListenerTaskEnd(stage, 0, "ResultTask", reason, null, null, null));
  }

  @Test
  void namesTheFirstFailureAndNotWhatFollowedFromIt() {
    begin("ours", 4);
    end(4, KILLED);
    assertThat(failures.first()).isEmpty();
    end(4, LOST);
    end(4, THROWN);
    assertThat(failures.first()).contains("executor 1 was lost: Command exited with code 137");
  }

  @Test
  void hearsOfItsOwnJobsAlone() {
    begin("ours", 4);
    begin("theirs", 5);
    end(5, LOST);
    assertThat(failures.first()).isEmpty();
    end(4, THROWN);
    assertThat(failures.first()).contains("IllegalStateException: no port");
  }

  @Test
  void jobsWithoutAGroupAreNotItsOwn() {
    failures.onJobStart(new SparkListenerJobStart(0, 0, seq(), null));
    assertThat(failures.first()).isEmpty();
  }

  @Test
  void aNewAttemptForgetsTheOldOne() {
    begin("ours", 4);
    end(4, LOST);
    failures.begin();
    assertThat(failures.first()).isEmpty();
    end(4, LOST);
    assertThat(failures.first()).isEmpty();
  }
}
