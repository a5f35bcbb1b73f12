package dev.lockstep.plan;

import java.util.OptionalInt;
import org.apache.spark.SparkConf;

/**
 * What there is for a run.
 *
 * @param isOneJvm whether driver and ranks are threads of one JVM
 * @param slots tasks that can run at the same time
 * @param ranks of an executor
 * @param gigabits of the network between hosts, each of one executor
 * @param driverHeap bytes
 * @param executorHeap bytes
 * @param maxResult bytes that tasks may give back to the driver together
 * @param maxMessage bytes of a task
 */
public record Resources(
    boolean isOneJvm,
    int slots,
    int ranks,
    double gigabits,
    long driverHeap,
    long executorHeap,
    long maxResult,
    long maxMessage) {
  private static final String DEFAULT_HEAP = "1g";
  private static final int MEGA = 20;

  /**
   * What spark-submit was told, and Spark's defaults.
   *
   * @param slots in place of what Spark was told
   * @param ranks likewise
   */
  public static Resources of(
      SparkConf conf, OptionalInt slots, OptionalInt ranks, double gigabits) {
    int ofExecutor = ranks.orElseGet(() -> conf.getInt("spark.executor.cores", 1));
    int instances = conf.getInt("spark.executor.instances", 0);
    OptionalInt told =
        conf.contains("spark.cores.max")
            ? OptionalInt.of(conf.getInt("spark.cores.max", 0))
            : instances > 0 ? OptionalInt.of(instances * ofExecutor) : OptionalInt.empty();
    boolean isOneJvm =
        slots.isEmpty() && told.isEmpty() && conf.get("spark.master", "local").startsWith("local");
    return new Resources(
        isOneJvm,
        slots.orElseGet(() -> told.orElseGet(Runtime.getRuntime()::availableProcessors)),
        ofExecutor,
        gigabits,
        Runtime.getRuntime().maxMemory(),
        conf.getSizeAsBytes("spark.executor.memory", DEFAULT_HEAP),
        conf.getSizeAsBytes("spark.driver.maxResultSize", DEFAULT_HEAP),
        (long) conf.getInt("spark.rpc.message.maxSize", 128) << MEGA);
  }
}
