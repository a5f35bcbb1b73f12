package dev.lockstep.ml;

import org.apache.spark.ml.util.Identifiable$;

/**
 * Names of stages. Spark's classes ask a stage for its name before its own constructor has run, so
 * a name that is given waits here.
 */
final class Uids {
  private static final ThreadLocal<String> NEXT = new ThreadLocal<>();

  private Uids() {}

  /** Has the next stage that this thread makes take a name. */
  static Void next(String uid) {
    NEXT.set(uid);
    return null;
  }

  /** The name that waits, or a new one. */
  static String take(String prefix) {
    String uid = NEXT.get();
    NEXT.remove();
    return uid == null ? Identifiable$.MODULE$.randomUID(prefix) : uid;
  }
}
