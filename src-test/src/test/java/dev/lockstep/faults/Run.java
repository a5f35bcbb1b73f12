package dev.lockstep.faults;

import dev.lockstep.cluster.Launcher;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A run from outside: what its directory shows, on whichever file system, and the process that is
 * busy with it.
 */
final class Run {
  private static final Pattern STEP = Pattern.compile("step-(\\d+).*\\.json");
  private static final long POLL_MILLIS = 5;

  private final Storage directory;
  private Launcher.Running running;
  private boolean isSupervised;

  Run(Storage directory) {
    this.directory = directory;
  }

  Storage directory() {
    return directory;
  }

  /** Its directory, as the launcher takes it. */
  String location() {
    return directory.location().text();
  }

  /** From now on this process is busy with it. */
  void isDoneBy(Launcher.Running process) {
    running = process;
    isSupervised = false;
  }

  /** From now on a worker of the cluster sees to it; this process only asks for that. */
  void isSupervisedAfter(Launcher.Running submission) {
    running = submission;
    isSupervised = true;
  }

  ProcessHandle driver() {
    return running.process().toHandle();
  }

  /** Whether the process that is busy with it is alive. */
  boolean isRunning() {
    return running.process().isAlive();
  }

  /** Whether a process has laid it down. */
  boolean hasBegun() {
    try {
      return directory.exists("config.conf");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The step of the newest checkpoint; 0 if there is none. */
  long newest() {
    try {
      return directory.list("checkpoints").stream().mapToLong(Run::step).max().orElse(0);
    } catch (IOException e) { // It is not there yet.
      return 0;
    }
  }

  private static long step(String file) {
    Matcher matcher = STEP.matcher(file);
    return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
  }

  /** Waits for something that the run does; the run must not end before. */
  void await(String what, Duration within, BooleanSupplier condition) throws Exception {
    long deadline = System.nanoTime() + within.toNanos();
    while (!condition.getAsBoolean()) {
      if (!isSupervised && !running.process().isAlive()) {
        throw new AssertionError("the run ended before %s: %s".formatted(what, err()));
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "waited %d s for %s: %s".formatted(within.toSeconds(), what, err()));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** The exit code, at the end. */
  int awaitEnd(Duration within) throws Exception {
    if (!running.process().waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new AssertionError(
          "the run did not end within %d s: %s".formatted(within.toSeconds(), err()));
    }
    return running.process().exitValue();
  }

  String err() throws IOException {
    return Files.readString(running.err());
  }

  /** What it ended with: the lines for the user. */
  String sentence() throws IOException {
    List<String> lines = err().lines().filter(line -> line.startsWith("lockstep: ")).toList();
    return String.join(" / ", lines);
  }

  /** Files that are not meant to stay. */
  List<String> temporaryFiles() throws IOException {
    return below("").stream()
        .filter(name -> name.endsWith(".tmp") || name.endsWith(".draft"))
        .toList();
  }

  /** Removes its directory. */
  void delete() throws IOException {
    for (String name : below("")) {
      directory.deleteFile(name);
    }
  }

  /** Whatever lies there, what is within a directory before the directory itself. */
  private List<String> below(String name) throws IOException {
    List<String> names = new ArrayList<>();
    if (directory.isDirectory(name)) {
      for (String child : directory.list(name)) {
        names.addAll(below(name.isEmpty() ? child : name + "/" + child));
      }
    }
    names.add(name);
    return names;
  }
}
