package dev.lockstep.cluster;

import dev.lockstep.config.ConfigException;
import java.util.regex.Pattern;

/**
 * What a cluster consists of.
 *
 * @param workers how many workers
 * @param cores cores of each
 * @param memory memory of each for executors, such as 2g
 * @param port the master's TCP port, 0 for any free one
 */
public record ClusterShape(int workers, int cores, String memory, int port) {
  private static final Pattern SIZE = Pattern.compile("[1-9]\\d{0,6}[mg]");
  private static final int MAX_WORKERS = 64;
  private static final int MAX_CORES = 1024;
  private static final int MAX_PORT = 65_535;

  public ClusterShape {
    check("--workers", workers, 1, MAX_WORKERS);
    check("--cores", cores, 1, MAX_CORES);
    check("--port", port, 0, MAX_PORT);
    if (!SIZE.matcher(memory).matches()) {
      throw new ConfigException("--memory %s: want a size such as 512m or 2g".formatted(memory));
    }
  }

  private static void check(String name, int value, int from, int to) {
    if (value < from || value > to) {
      throw new ConfigException("%s %d: want %d to %d".formatted(name, value, from, to));
    }
  }
}
