package dev.lockstep.faults;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What another JVM of this machine holds on to, by {@code jcmd} and {@code /proc}; looking adds one
 * thread to it for good. That JVM must have been started with {@link #OPTION}.
 */
final class Vitals implements AutoCloseable {
  /** Has a JVM account for the memory that is not its heap. */
  static final String OPTION = "-XX:NativeMemoryTracking=summary";

  private static final String COMMITTED = "%s:? \\(?reserved=\\d+KB, committed=(\\d+)KB";
  private static final Pattern LIVE = Pattern.compile("(?m)^Total +\\d+ +(\\d+)");
  private static final Pattern THREADS = Pattern.compile("Threads:\\s+(\\d+)");

  /** What a round has in hand comes and goes, and Spark drops the last one's after a collection. */
  private static final int LOOKS = 5;

  private static final long PAUSE_MILLIS = 700;

  private final ProcessHandle process;

  private Vitals(ProcessHandle process) {
    this.process = process;
  }

  /** Those of a process. */
  static Vitals of(ProcessHandle process) {
    return new Vitals(process);
  }

  /**
   * What is held at a moment.
   *
   * @param heap bytes of objects that are alive after a full collection, the least of some looks
   * @param direct bytes outside of the heap that were taken directly, as buffers for the network
   *     are
   * @param outside all bytes outside of the heap: these, classes, code, stacks, the collector's own
   * @param threads of the process
   * @param files open ones, sockets among them
   */
  record Sample(long heap, long direct, long outside, int threads, int files) {}

  /**
   * Collects garbage and looks.
   *
   * @throws IOException if the process has ended
   */
  Sample sample() throws IOException, InterruptedException {
    long heap = Long.MAX_VALUE;
    for (int look = 0; look < LOOKS; look++) {
      // Collects, and counts what is left.
      heap = Math.min(heap, number(LIVE, ask("GC.class_histogram")));
      Thread.sleep(PAUSE_MILLIS);
    }
    String account = ask("VM.native_memory", "summary");
    return new Sample(
        heap,
        committed("Other", account),
        committed("Total", account) - committed("Java Heap", account),
        (int) number(THREADS, Files.readString(proc("status"), UTF_8)),
        files());
  }

  private String ask(String... command) throws IOException, InterruptedException {
    String[] words = new String[command.length + 2];
    words[0] = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    words[1] = Long.toString(process.pid());
    System.arraycopy(command, 0, words, 2, command.length);
    Process jcmd = new ProcessBuilder(words).redirectErrorStream(true).start();
    String answer = new String(jcmd.getInputStream().readAllBytes(), UTF_8);
    if (jcmd.waitFor() != 0) {
      throw new IOException("jcmd cannot look at %d: %s".formatted(process.pid(), answer));
    }
    return answer;
  }

  private static long committed(String what, String account) {
    return 1024 * number(Pattern.compile(COMMITTED.formatted(what)), account);
  }

  private static long number(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new IllegalStateException("%s is not in: %s".formatted(pattern, text));
    }
    return Long.parseLong(matcher.group(1));
  }

  private int files() throws IOException {
    try (Stream<Path> files = Files.list(proc("fd"))) {
      return (int) files.count();
    }
  }

  private Path proc(String name) {
    return Path.of("/proc", Long.toString(process.pid()), name);
  }

  /** Deletes the socket that {@code jcmd} talks through, which a JVM that is killed leaves. */
  @Override
  public void close() throws IOException {
    // It lies there whatever java.io.tmpdir is.
    Files.deleteIfExists(Path.of("/tmp", ".java_pid" + process.pid()));
  }
}
