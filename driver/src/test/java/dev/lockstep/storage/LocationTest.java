package dev.lockstep.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.config.ConfigException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class LocationTest {
  @ParameterizedTest
  @CsvSource({
    "runs/a, runs/a",
    "/a b/c, /a b/c",
    "./run:1, ./run:1",
    "runs/a:b, runs/a:b",
    "file:/a/b, /a/b",
    "file:///a%20b/, /a b/",
    "FILE:///a, /a",
    "file://localhost/a, /a"
  })
  void plainPathsAndFileUrisAreLocal(String text, String path) {
    Location location = new Location(text);
    assertThat(location.isLocal()).isTrue();
    assertThat(location.path()).isEqualTo(Path.of(path));
  }

  @ParameterizedTest
  @ValueSource(strings = {"hdfs://h:8020/a", "s3a://bucket/a", "viewfs:/a"})
  void otherSchemesAreNot(String text) {
    assertThat(new Location(text).isLocal()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | a location is empty",
        "'  ' | a location is empty",
        "file:a | want an absolute path of this host",
        "file://elsewhere/a | want an absolute path of this host",
        "file:/a b | is no URI: Illegal character in path at character 8",
        "hdfs://h/a b | in a URI a space is written as %20"
      })
  void whatIsNeitherIsRefused(String text, String message) {
    assertThatThrownBy(() -> new Location(text))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(message)
        .message()
        .hasLineCount(1);
  }

  @Test
  void namesGoBelow() {
    assertThat(new Location("a").resolve("b/c").text()).isEqualTo("a/b/c");
    assertThat(new Location("hdfs://h/").resolve("b").text()).isEqualTo("hdfs://h/b");
    assertThat(new Location("a").resolve("")).isEqualTo(new Location(" a "));
  }

  /** Executors run in directories of their own. */
  @Test
  void aRelativePathMeansTheSameElsewhereOnceItIsAbsolute() {
    String here = Path.of("data").toAbsolutePath().toString();
    assertThat(new Location("data").absolute().text()).isEqualTo(here);
    assertThat(new Location("data").toHadoop()).isEqualTo("file://" + here);
    assertThat(new Location("hdfs://h/data").absolute().text()).isEqualTo("hdfs://h/data");
    assertThat(new Location("hdfs://h/data").toHadoop()).isEqualTo("hdfs://h/data");
  }
}
