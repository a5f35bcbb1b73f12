package dev.lockstep.storage;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;

/** Hadoop 3.4 needs Subject.getSubject, which Java 24 has no more. */
final class HadoopOnNewJavaTest {
  private static final Location LOCATION = new Location("hdfs://h/a");

  @Test
  void isRefusedInOneSentence() {
    assertThatCode(() -> HadoopStorage.checkJava(LOCATION, 23)).doesNotThrowAnyException();
    assertThatThrownBy(() -> HadoopStorage.checkJava(LOCATION, 24))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "hdfs://h/a: Hadoop's file systems do not work on Java 24 (getSubject is not"
                + " supported); use Java 17 to 23, or a local path");
  }

  @Test
  @EnabledForJreRange(minVersion = 24)
  void isRefusedHere() {
    assertThatThrownBy(() -> Storage.at(LOCATION))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("getSubject");
  }
}
