package dev.lockstep.bench;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Splits the time of a thread into phases: those that are timed, and the gaps between two of them,
 * each under the names of its neighbours. So nothing is lost, and the parts add up to the whole.
 */
final class Stopwatch {
  /** What comes before the first phase and after the last. */
  static final String EDGE = "edge";

  private final Map<String, long[]> phases = new LinkedHashMap<>();
  private final Map<Gap, long[]> gaps = new HashMap<>();
  private String last = EDGE;
  private long since;

  /** What lies between two phases. */
  record Gap(String before, String after) {}

  /** How long something took in all, and how often it came. */
  record Tally(long nanos, long times) {}

  /** Begins to count, at an edge. */
  void start() {
    last = EDGE;
    since = System.nanoTime();
  }

  /** Ends the count, at an edge. */
  void stop() {
    between(EDGE, System.nanoTime());
  }

  /** Times some work as a phase. */
  void time(String phase, Runnable work) {
    long begun = System.nanoTime();
    between(phase, begun);
    work.run();
    long end = System.nanoTime();
    phases.computeIfAbsent(phase, p -> new long[1])[0] += end - begun;
    since = end;
  }

  private void between(String next, long now) {
    long[] sums = gaps.computeIfAbsent(new Gap(last, next), g -> new long[2]);
    sums[0] += now - since;
    sums[1]++;
    last = next;
    since = now;
  }

  /** Nanoseconds of each phase, in the order in which they first came. */
  Map<String, Long> phases() {
    Map<String, Long> nanos = new LinkedHashMap<>();
    phases.forEach((phase, sum) -> nanos.put(phase, sum[0]));
    return nanos;
  }

  /** What lay between phases. */
  Map<Gap, Tally> gaps() {
    Map<Gap, Tally> tallies = new HashMap<>();
    gaps.forEach((gap, sums) -> tallies.put(gap, new Tally(sums[0], sums[1])));
    return tallies;
  }

  /** Forgets what was counted. */
  void clear() {
    phases.clear();
    gaps.clear();
  }
}
