package dev.lockstep.bench;

import dev.lockstep.data.ExampleSource;
import dev.lockstep.engine.Training;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Memory that this process took, and that a run must take; all in bytes. */
final class Memory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";

  private Memory() {}

  /** The most that was resident at a time; empty where the system does not say. */
  static OptionalLong peakResident() throws IOException {
    if (!Files.isReadable(STATUS)) {
      return OptionalLong.empty();
    }
    return Files.readAllLines(STATUS, StandardCharsets.UTF_8).stream()
        .filter(line -> line.startsWith(PEAK))
        .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
        .findFirst();
  }

  /** The most that the pools of the heap held, each at its own peak, garbage included. */
  static long peakHeap() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .mapToLong(pool -> pool.getPeakUsage().getUsed())
        .sum();
  }

  /** What the heap holds after a collection. */
  static long liveHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /** Begins to look for peaks of the heap anew. */
  static void resetPeaks() {
    ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
  }

  /** A data set as it is held: a byte a feature, a label of 4 bytes. */
  static long ofData(ExampleSource source) {
    return source.examples() * (source.features() + Integer.BYTES);
  }

  /** Parameters, slots, and two buffers for gradients. */
  static long ofState(Training training) {
    long vectors = 3L + training.slots().size();
    return vectors * training.network().layout().length() * Float.BYTES;
  }
}
