package dev.lockstep.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The living JVMs that were given a directory to work in: whatever becomes of their parents, their
 * command lines name it. For Linux, whose {@code /proc} has whole command lines.
 *
 * @param directory what the command lines name
 */
public record Processes(Path directory) {
  private static final String JVM = "/bin/java ";
  private static final String EXECUTOR = "CoarseGrainedExecutorBackend";
  private static final String SUPERVISED_DRIVER = "DriverWrapper";

  /** All of them, by number. */
  public List<ProcessHandle> all() {
    return naming("");
  }

  /** Spark's executors. */
  public List<ProcessHandle> executors() {
    return naming(EXECUTOR);
  }

  /** Drivers that a worker runs. */
  public List<ProcessHandle> supervisedDrivers() {
    return naming(SUPERVISED_DRIVER);
  }

  private List<ProcessHandle> naming(String word) {
    return ProcessHandle.allProcesses()
        .filter(process -> process.pid() != ProcessHandle.current().pid())
        .filter(process -> names(process, word))
        .sorted()
        .toList();
  }

  private boolean names(ProcessHandle process, String word) {
    String line = commandLine(process);
    return line.contains(JVM) && line.contains(directory.toString()) && line.contains(word);
  }

  /** Empty for what has ended meanwhile. */
  public static String commandLine(ProcessHandle process) {
    try {
      byte[] words = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
      return new String(words, StandardCharsets.UTF_8).replace('\0', ' ');
    } catch (IOException e) {
      return "";
    }
  }
}
