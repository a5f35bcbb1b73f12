package dev.lockstep.cluster;

import dev.lockstep.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.launcher.JavaModuleOptions;

/**
 * A directory with Spark's jars, from which daemons are started; no scripts are needed.
 *
 * @param path the directory that holds {@code jars}
 */
public record SparkHome(Path path) {
  /** Where the launcher says what it has found. */
  public static final String VARIABLE = "LOCKSTEP_SPARK_HOME";

  private static final String SCALA_VERSION = "2.13";
  private static final String DAEMON_MEMORY = "-Xmx512m";

  public SparkHome {
    if (!Files.isDirectory(path.resolve("jars"))) {
      throw new ConfigException(
          "%s = %s has no jars of Spark; start through deploy/lockstep".formatted(VARIABLE, path));
    }
  }

  /** The one that the launcher has found. */
  public static SparkHome ofEnvironment() {
    String path = System.getenv(VARIABLE);
    if (path == null) {
      throw new ConfigException(
          "%s is not set, so there is no Spark to start; start through deploy/lockstep"
              .formatted(VARIABLE));
    }
    return new SparkHome(Path.of(path).toAbsolutePath());
  }

  /** Starts a daemon that listens on the loopback interface alone and logs to a file. */
  Process start(String mainClass, List<String> arguments, Path log, Path scratch)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(JavaModuleOptions.defaultModuleOptionArray()));
    command.addAll(List.of(DAEMON_MEMORY, "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    // A port that was asked for is not to become another.
    command.add("-Dspark.port.maxRetries=0");
    command.add("-Dspark.master.rest.enabled=false");
    command.add("-Djava.io.tmpdir=" + scratch);
    command.addAll(List.of("-cp", path.resolve("jars") + "/*", mainClass));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment(scratch));
    return builder
        .directory(scratch.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start();
  }

  private Map<String, String> environment(Path scratch) {
    return Map.of(
        "SPARK_HOME",
        path.toString(),
        "SPARK_SCALA_VERSION",
        SCALA_VERSION,
        "SPARK_LOCAL_IP",
        "127.0.0.1",
        "SPARK_LOCAL_DIRS",
        scratch.toString());
  }
}
