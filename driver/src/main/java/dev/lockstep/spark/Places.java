package dev.lockstep.spark;

import org.apache.spark.SparkEnv;
import org.apache.spark.storage.BlockManagerId;

/** Where a task runs, in words that Spark's pages use too. */
final class Places {
  private Places() {}

  /** This executor. */
  static String here() {
    BlockManagerId place = SparkEnv.get().blockManager().blockManagerId();
    return place.isDriver()
        ? "driver on " + place.host()
        : "executor %s on %s".formatted(place.executorId(), place.host());
  }
}
