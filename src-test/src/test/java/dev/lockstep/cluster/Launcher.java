package dev.lockstep.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * {@code deploy/lockstep} as a process, with its output in files of a directory.
 *
 * @param directory where it is started and its output goes
 */
public record Launcher(Path directory) {
  public static final Path HOME = Path.of(System.getProperty("lockstep.home"));

  /** No call may take longer, whatever else the machine does. */
  private static final long DEADLINE_SECONDS = 150;

  private static final List<String> INHERITED_BY_ACCIDENT =
      List.of("SPARK_HOME", "SPARK_CONF_DIR", "SPARK_LOCAL_IP", "SPARK_SUBMIT_OPTS");

  /**
   * What a call came to.
   *
   * @param exit its exit code
   * @param out what it wrote to stdout
   * @param err what it wrote to stderr
   */
  public record Ended(int exit, String out, String err) {
    public Ended expect(int code) {
      assertThat(exit).as("exit code; stdout: %s; stderr: %s", out, err).isEqualTo(code);
      return this;
    }
  }

  /** A call that has not ended. */
  public record Running(Process process, Path out, Path err) {
    public Ended await() throws IOException, InterruptedException {
      boolean hasEnded = process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS);
      if (!hasEnded) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      assertThat(hasEnded)
          .as("ended within %d s; stderr: %s", DEADLINE_SECONDS, Files.readString(err))
          .isTrue();
      return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }
  }

  public Ended run(String... arguments) throws IOException, InterruptedException {
    return start(HOME.resolve("deploy/lockstep"), Map.of(), List.of(arguments)).await();
  }

  public Ended run(Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    return start(HOME.resolve("deploy/lockstep"), environment, List.of(arguments)).await();
  }

  /** Starts a launcher, by this path, with these variables instead of the surrounding ones. */
  public Running start(Path launcher, Map<String, String> environment, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(launcher.toString());
    command.addAll(arguments);
    Path out = Files.createTempFile(directory, "out", ".txt");
    Path err = Files.createTempFile(directory, "err", ".txt");
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> variables = builder.environment();
    INHERITED_BY_ACCIDENT.forEach(variables::remove);
    variables.put("JAVA_HOME", System.getProperty("java.home"));
    variables.putAll(environment);
    Process process =
        builder
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new Running(process, out, err);
  }
}
