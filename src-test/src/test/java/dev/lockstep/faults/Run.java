package dev.lockstep.faults;

import dev.lockstep.cluster.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A run from outside: what its directory shows, and the process that is busy with it. */
final class Run {
  private static final Pattern STEP = Pattern.compile("step-(\\d+).*\\.json");
  private static final long POLL_MILLIS = 5;

  private final Path directory;
  private Launcher.Running running;
  private boolean isSupervised;

  Run(Path directory) {
    this.directory = directory;
  }

  Path directory() {
    return directory;
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

  /** Whether a process has laid it down. */
  boolean hasBegun() {
    return Files.exists(directory.resolve("config.conf"));
  }

  /** The step of the newest checkpoint; 0 if there is none. */
  long newest() {
    try (Stream<Path> files = Files.list(directory.resolve("checkpoints"))) {
      return files.mapToLong(Run::step).max().orElse(0);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return 0;
    } catch (IOException e) {
      return 0;
    }
  }

  private static long step(Path file) {
    Matcher matcher = STEP.matcher(file.getFileName().toString());
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
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .map(Path::toString)
          .filter(name -> name.endsWith(".tmp") || name.endsWith(".draft"))
          .toList();
    }
  }
}
