package dev.lockstep.train;

import dev.lockstep.config.EngineName;
import dev.lockstep.config.RunConfig;
import dev.lockstep.spark.ClusterException;
import dev.lockstep.spark.Slots;
import dev.lockstep.spark.SparkKryoRegistrator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/** Opens Spark with the settings that Lockstep wants where the user has set nothing else. */
public final class SparkSessions {
  private static final Pattern MASTER = Pattern.compile("(?:spark://)?([^:,/]+):(\\d+)");
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration REGISTER = Duration.ofSeconds(60);
  private static final Duration SETTLE = Duration.ofSeconds(2);
  private static final long POLL_MILLIS = 100;

  /** Executors log as the driver does; one that does not find the file takes Spark's defaults. */
  private static final String LOGGING = "log4j2.configurationFile";

  private SparkSessions() {}

  /**
   * Opens a context.
   *
   * @param master the master, where neither spark-submit nor the user's defaults name one
   * @throws ClusterException if the master cannot be reached
   */
  public static JavaSparkContext open(Optional<String> master) {
    SparkConf conf = new SparkConf();
    conf.setIfMissing("spark.app.name", "lockstep");
    conf.setIfMissing("spark.master", master.orElse("local[*]"));
    conf.setIfMissing("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
    if (conf.get("spark.serializer").endsWith("KryoSerializer")) {
      conf.setIfMissing("spark.kryo.registrator", SparkKryoRegistrator.class.getName());
      conf.setIfMissing("spark.kryo.registrationRequired", "true");
    }
    // A rank runs where its shards are; while it does, nobody else's slot is worth waiting for.
    conf.setIfMissing("spark.locality.wait", "0s");
    // How soon a round begins again after an executor was lost.
    conf.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s");
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    String logging = System.getProperty(LOGGING);
    if (logging != null) {
      conf.setIfMissing(
          "spark.executor.extraJavaOptions", "\"-D%s=%s\"".formatted(LOGGING, logging));
    }
    conf.setIfMissing("spark.log.level", "WARN");
    if (conf.get("spark.master").startsWith("local")) {
      conf.setIfMissing("spark.ui.enabled", "false");
    }
    checkReachable(conf.get("spark.master"));
    try {
      return new JavaSparkContext(conf);
    } catch (RuntimeException e) {
      throw new ClusterException(
          "Spark does not start on %s: %s".formatted(conf.get("spark.master"), e.getMessage()), e);
    }
  }

  /** Spark itself tries an unreachable standalone master for a minute, and then says little. */
  private static void checkReachable(String master) {
    if (!master.startsWith("spark://")) {
      return;
    }
    Matcher hosts = MASTER.matcher(master);
    IOException first = null;
    while (hosts.find()) {
      InetSocketAddress address =
          new InetSocketAddress(hosts.group(1), Integer.parseInt(hosts.group(2)));
      try (Socket socket = new Socket()) {
        socket.connect(address, Math.toIntExact(CONNECT.toMillis()));
        return;
      } catch (IOException e) {
        first = first == null ? e : first;
      }
    }
    throw new ClusterException(
        "the master %s cannot be reached (%s); is the cluster up, and is this its address?"
            .formatted(master, first == null ? "not spark://HOST:PORT" : first.getMessage()),
        first);
  }

  /**
   * How many tasks can run at the same time, once the executors have come.
   *
   * @param wanted how many are waited for; empty for those that come by themselves
   * @throws ClusterException if there are too few before the deadline
   */
  static int awaitSlots(JavaSparkContext spark, OptionalInt wanted) {
    long deadline = System.nanoTime() + REGISTER.toNanos();
    boolean isLocal = spark.isLocal();
    int slots = Slots.count(spark);
    long since = System.nanoTime();
    while (true) {
      boolean isSettled = isLocal || System.nanoTime() - since >= settleNanos(spark, since);
      if (wanted.isPresent() ? slots >= wanted.getAsInt() : slots > 0 && isSettled) {
        return slots;
      }
      if (isLocal || System.nanoTime() > deadline) {
        throw new ClusterException(
            "%d ranks need as many slots at the same time, but %s has %d; use fewer ranks, or engine = tree"
                .formatted(wanted.orElse(1), spark.master(), slots),
            null);
      }
      sleep();
      int now = Slots.count(spark);
      if (now != slots) {
        slots = now;
        since = System.nanoTime();
      }
    }
  }

  /** Where the first executors were slow to come, the gap before the next is long too. */
  private static long settleNanos(JavaSparkContext spark, long since) {
    long quietNanos = System.nanoTime() - since;
    long startedNanos = (System.currentTimeMillis() - spark.startTime()) * 1_000_000;
    return Math.max(SETTLE.toNanos(), (startedNanos - quietNanos) / 2);
  }

  private static void sleep() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while waiting for executors", e);
    }
  }

  /** The engine that {@code auto} stands for here, with a word on why. */
  static EngineName choose(RunConfig config, JavaSparkContext spark, Consumer<String> messages) {
    EngineName wanted = config.engine();
    boolean isDynamic = spark.getConf().getBoolean("spark.dynamicAllocation.enabled", false);
    if (wanted == EngineName.ALLREDUCE && isDynamic) {
      throw new ClusterException(
          "engine = allreduce needs executors that stay, but spark.dynamicAllocation.enabled is true;"
              + " use engine = tree, or turn it off",
          null);
    }
    if (wanted != EngineName.AUTO) {
      return wanted;
    }
    if (isDynamic) {
      messages.accept(
          "engine tree (a Spark job a step), because spark.dynamicAllocation.enabled is true");
      return EngineName.TREE;
    }
    int slots = slots(spark);
    if (spark.isLocal() && config.ranks().orElse(1) > slots) {
      messages.accept(
          "engine tree (a Spark job a step), because %d ranks are more than the %d slots of %s"
              .formatted(config.ranks().getAsInt(), slots, spark.master()));
      return EngineName.TREE;
    }
    return EngineName.ALLREDUCE;
  }

  /**
   * The number of ranks that {@code auto} stands for: a rank with fewer than 16 rows costs more.
   */
  static int ranks(RunConfig config, int slots) {
    int worthwhile = Math.max(1, config.batchSize() / MIN_ROWS);
    return config.ranks().orElse(Math.min(Math.min(slots, config.shardCount()), worthwhile));
  }

  private static final int MIN_ROWS = 16;
}
