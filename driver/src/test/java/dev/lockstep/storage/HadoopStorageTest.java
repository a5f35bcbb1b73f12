package dev.lockstep.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.config.ConfigException;
import java.net.URI;
import java.nio.file.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledForJreRange;

/** Over a Hadoop file system of its own scheme, made known as a Spark user would. */
@DisabledForJreRange(minVersion = 24, disabledReason = "Hadoop 3.4 needs Subject.getSubject")
final class HadoopStorageTest extends StorageContractTest {
  private static final String PROPERTY = "spark.hadoop.fs.drawer.impl";

  /** The local disk under a foreign name. */
  public static final class Drawer extends RawLocalFileSystem {
    @Override
    public URI getUri() {
      return URI.create("drawer:///");
    }

    @Override
    public String getScheme() {
      return "drawer";
    }
  }

  @BeforeAll
  static void makeKnown() {
    System.setProperty(PROPERTY, Drawer.class.getName());
  }

  @AfterAll
  static void forget() {
    System.clearProperty(PROPERTY);
  }

  @Override
  String uri(Path directory) {
    return "drawer://" + directory;
  }

  @Test
  void isNotLocal() {
    assertThat(Storage.at(new Location("drawer:///tmp")).isLocal()).isFalse();
  }

  @Test
  void unknownSchemesAreNamed() {
    assertThatThrownBy(() -> Storage.at(new Location("ftq://h/a")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("No FileSystem for scheme \"ftq\"")
        .hasMessageContaining("--packages");
  }
}
