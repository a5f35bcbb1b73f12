package dev.lockstep.bench;

import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.Main;

/**
 * The JMH benchmarks of this directory; arguments are JMH's own, such as {@code Gemm} or {@code
 * Steady}. Forks get the vector module, and the profiler that counts allocation is on.
 */
public final class Jmh {
  private Jmh() {}

  /** Runs JMH. */
  public static void main(String[] args) throws Exception {
    List<String> words = new ArrayList<>(List.of(args));
    words.addAll(List.of("-jvmArgsAppend", "--add-modules=jdk.incubator.vector", "-prof", "gc"));
    Main.main(words.toArray(String[]::new));
  }
}
