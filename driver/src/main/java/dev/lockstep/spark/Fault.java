package dev.lockstep.spark;

import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/**
 * A fault on purpose, for tests of recovery: rank r throws when it comes to step s, the first so
 * many times. Set by the Spark property {@value #KEY}, as {@code rank=1,step=7,times=1}; off by
 * default.
 *
 * @param rank the rank that throws; -1 for none
 * @param step the step (from 0) at which it does
 * @param times how often, counted over attempts
 */
public record Fault(int rank, long step, int times) implements Serializable {
  /** The Spark property. */
  public static final String KEY = "spark.lockstep.fault";

  /** No fault. */
  public static final Fault NONE = new Fault(-1, -1, 0);

  private static final Pattern FORM = Pattern.compile("rank=(\\d+),step=(\\d+),times=(\\d+)");

  /** The fault that the configuration asks for. */
  static Fault of(SparkConf conf) {
    String text = conf.get(KEY, "");
    if (text.isEmpty()) {
      return NONE;
    }
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "%s = %s: want rank=R,step=S,times=T".formatted(KEY, text));
    }
    return new Fault(
        Integer.parseInt(matcher.group(1)),
        Long.parseLong(matcher.group(2)),
        Integer.parseInt(matcher.group(3)));
  }

  /** What is left of it after so many failed attempts. */
  Fault onAttempt(int attempt) {
    return new Fault(rank, step, times - attempt);
  }

  /** Throws if this is the place. */
  void check(int rank, long step) {
    if (rank == this.rank && step == this.step && times > 0) {
      throw new InjectedFault("injected fault on rank %d at step %d".formatted(rank, step + 1));
    }
  }

  /** What a fault on purpose throws. */
  public static final class InjectedFault extends RuntimeException {
    private static final long serialVersionUID = 1;

    InjectedFault(String message) {
      super(message);
    }
  }
}
