package dev.lockstep.cluster;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A process that was started, known again by its number and the moment of its start: the number
 * alone may by now be somebody else's.
 *
 * @param name master, worker-1, …
 * @param pid its number
 * @param startMillis when it started, in milliseconds since 1970
 */
record Daemon(String name, long pid, long startMillis) {
  /** The system's clock may be set, and starts are told relative to it. */
  private static final Duration TOLERANCE = Duration.ofSeconds(2);

  static Daemon of(String name, ProcessHandle process) {
    Instant start = process.info().startInstant().orElseGet(Instant::now);
    return new Daemon(name, process.pid(), start.toEpochMilli());
  }

  /** The process, if it is alive and is the one that was started. */
  Optional<ProcessHandle> find() {
    return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(this::isSame);
  }

  private boolean isSame(ProcessHandle process) {
    return process
        .info()
        .startInstant()
        .map(start -> Math.abs(start.toEpochMilli() - startMillis) <= TOLERANCE.toMillis())
        .orElse(false);
  }
}
