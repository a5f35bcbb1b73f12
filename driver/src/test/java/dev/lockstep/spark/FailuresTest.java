package dev.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.data.DataException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

final class FailuresTest {
  @Test
  void findsTheFirstExceptionOfATypeAlongTheCauses() {
    DataException inner = new DataException("inner");
    Exception outer = new RuntimeException(new DataException("outer", inner));
    assertThat(Failures.find(outer, DataException.class))
        .hasValueSatisfying(found -> assertThat(found).hasMessage("outer"));
    assertThat(Failures.find(inner, DataException.class)).containsSame(inner);
    assertThat(Failures.find(outer, SparkException.class)).isEmpty();
  }

  @Test
  void describesTheRootCause() {
    Exception root = new IllegalStateException("  no memory\nat rank 3");
    assertThat(Failures.describe(new SparkException("Job aborted", root)))
        .isEqualTo("IllegalStateException: no memory");
    assertThat(Failures.describe(new NullPointerException()))
        .isEqualTo("NullPointerException: null");
  }

  @Test
  void describesWhatSparkReportsInItsOwnWords() {
    assertThat(
            Failures.describe(new SparkException("Job aborted due to stage failure: x\n\nDriver")))
        .isEqualTo("Job aborted due to stage failure: x");
    assertThat(
            Failures.describe(
                new SparkException(
                    "Job aborted due to stage failure: Could not recover from a failed barrier"
                        + " ResultStage. Most recent failure reason: \n  Stage failed because"
                        + " barrier task ResultTask(1, 0) finished unsuccessfully.\njava.lang")))
        .isEqualTo("Stage failed because barrier task ResultTask(1, 0) finished unsuccessfully.");
  }
}
