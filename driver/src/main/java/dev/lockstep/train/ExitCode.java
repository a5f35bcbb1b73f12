package dev.lockstep.train;

import dev.lockstep.config.ConfigException;
import dev.lockstep.data.DataException;
import dev.lockstep.engine.DivergedException;
import dev.lockstep.serialization.FormatException;
import dev.lockstep.spark.ClusterException;
import java.io.IOException;
import java.io.UncheckedIOException;

/** How a command or a run ends, for shells and {@code summary.json}. */
public final class ExitCode {
  public static final int DONE = 0;

  /** What was compared is not the same. */
  public static final int DIFFERENT = 1;

  public static final int USAGE = 2;
  public static final int DATA = 3;
  public static final int DIVERGED = 4;
  public static final int CLUSTER = 5;

  /** What a shell adds to the number of the signal that ended a process. */
  static final int SIGNAL_BASE = 128;

  /** A defect of ours. */
  public static final int INTERNAL = 70;

  private ExitCode() {}

  /** The code of a process that a signal ended. */
  public static int ofSignal(int signal) {
    return SIGNAL_BASE + signal;
  }

  /** The code of an error. */
  public static int of(Exception error) {
    if (error instanceof ConfigException) {
      return USAGE;
    }
    if (error instanceof DataException
        || error instanceof FormatException
        || error instanceof IOException
        || error instanceof UncheckedIOException) {
      return DATA;
    }
    if (error instanceof DivergedException) {
      return DIVERGED;
    }
    if (error instanceof ClusterException || error instanceof SupersededException) {
      return CLUSTER;
    }
    return INTERNAL;
  }

  /** Whether the message says all that the user needs. */
  public static boolean isExpected(Exception error) {
    return error instanceof InterruptedRunException || of(error) != INTERNAL;
  }
}
