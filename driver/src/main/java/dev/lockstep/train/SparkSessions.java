package dev.lockstep.train;

import dev.lockstep.config.ConfigException;
import dev.lockstep.config.EngineName;
import dev.lockstep.config.ExchangeConfig;
import dev.lockstep.config.RunConfig;
import dev.lockstep.spark.ClusterException;
import dev.lockstep.spark.Slots;
import dev.lockstep.spark.SparkKryoRegistrator;
import dev.lockstep.spark.SparkSettings;
import dev.lockstep.spark.exchange.Hub;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.serializer.JavaSerializer;

/** Opens Spark with the settings that Lockstep wants where the user has set nothing else. */
public final class SparkSessions {
  private static final String DEFAULT_MASTER = "local[*]";
  private static final Pattern MASTER =
      Pattern.compile(
          "local(\\[(\\*|[1-9]\\d{0,5})(, ?[1-9]\\d{0,5})?])?|local-cluster\\[.*]"
              + "|spark://[^:,/]+:\\d{1,5}(,[^:,/]+:\\d{1,5})*|yarn|k8s://.+");
  private static final Pattern HOST_AND_PORT = Pattern.compile("([^:,/]+):(\\d+)");
  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration REGISTER = Duration.ofMinutes(1);
  private static final Duration SETTLE = Duration.ofSeconds(2);
  private static final long POLL_MILLIS = 100;

  /** Executors log as the driver does; one that does not find the file takes Spark's defaults. */
  private static final String LOGGING = "log4j2.configurationFile";

  private static final String SCOPES_OFF = "spark.rdd.scope.noOverride";

  private SparkSessions() {}

  /** Whether Spark's tasks will run in this JVM: what {@link #open} will find the master to be. */
  public static boolean isLocal(Optional<String> master) {
    String found = new SparkConf().get("spark.master", master.orElse(DEFAULT_MASTER));
    return found.equals("local") || found.startsWith("local[");
  }

  /**
   * Opens a context.
   *
   * @param master the master, where neither spark-submit nor the user's defaults name one
   * @throws ConfigException if there can be no such master, or network settings are at odds
   * @throws ClusterException if the master cannot be reached
   */
  public static JavaSparkContext open(Optional<String> master) {
    return open(master, new SparkConf());
  }

  /**
   * Opens a context that tables can be read and written with: Kryo does not know all that Spark's
   * own SQL sends.
   *
   * @param master as above
   * @throws ConfigException as above
   * @throws ClusterException as above
   */
  public static JavaSparkContext openForTables(Optional<String> master) {
    String java = JavaSerializer.class.getName();
    return open(master, new SparkConf().setIfMissing("spark.serializer", java));
  }

  private static JavaSparkContext open(Optional<String> master, SparkConf conf) {
    conf.setIfMissing("spark.app.name", "lockstep");
    conf.setIfMissing("spark.master", master.orElse(DEFAULT_MASTER));
    conf.setIfMissing("spark.serializer", "org.apache.spark.serializer.KryoSerializer");
    if (conf.get("spark.serializer").endsWith("KryoSerializer")) {
      conf.setIfMissing("spark.kryo.registrator", SparkKryoRegistrator.class.getName());
      conf.setIfMissing("spark.kryo.registrationRequired", "true");
    }
    // A rank runs where its shards are; while it does, nobody else's slot is worth waiting for.
    conf.setIfMissing("spark.locality.wait", "0s");
    // What a rank's shards are made of comes from everywhere: no place is better for making them.
    conf.setIfMissing("spark.shuffle.reduceLocality.enabled", "false");
    // How soon a round begins again after an executor was lost.
    conf.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s");
    // And how long it waits for the place of one that was lost meanwhile: that is ours to do.
    conf.setIfMissing("spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures", "3");
    // The heap is for shards: nothing here sorts or joins, and what Spark finds no room for would
    // be read anew in every job.
    conf.setIfMissing("spark.memory.fraction", "0.85");
    // A rank's shards are one element: no other will follow for which to ask room ahead.
    conf.setIfMissing("spark.storage.unrollMemoryGrowthFactor", "1");
    // A state is floats, which do not get smaller; and it comes back from each round's ranks.
    conf.setIfMissing("spark.broadcast.compress", "false");
    conf.setIfMissing("spark.task.maxDirectResultSize", "64m");
    conf.setIfMissing("spark.ui.showConsoleProgress", "false");
    String logging = System.getProperty(LOGGING);
    if (logging != null) {
      conf.setIfMissing(
          "spark.executor.extraJavaOptions", "\"-D%s=%s\"".formatted(LOGGING, logging));
    }
    conf.setIfMissing("spark.log.level", "WARN");
    if (conf.get("spark.master").startsWith("local")) {
      conf.setIfMissing("spark.ui.enabled", "false");
      conf.setIfMissing("spark.metrics.executorMetricsSource.enabled", "false");
      conf.setIfMissing("spark.metrics.staticSources.enabled", "false");
    }
    NetworkSecurity.apply(conf, org.apache.spark.package$.MODULE$.SPARK_VERSION());
    checkReachable(conf.get("spark.master"));
    try {
      JavaSparkContext spark = new JavaSparkContext(conf);
      if (!conf.getBoolean("spark.ui.enabled", true)) {
        // Names of operations, which only the pages draw, cost a tenth of a second at the first.
        spark.setLocalProperty(SCOPES_OFF, "true");
      }
      return spark;
    } catch (Exception e) { // Scala throws SparkException without declaring it.
      throw new ClusterException(
          "Spark does not start on %s: %s"
              .formatted(
                  conf.get("spark.master"),
                  String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          e);
    }
  }

  /** Spark itself tries an unreachable standalone master for a minute, and then says little. */
  private static void checkReachable(String master) {
    if (!MASTER.matcher(master).matches()) {
      throw new ConfigException(
          "master %s: want local[N], spark://HOST:PORT, yarn or k8s://URL".formatted(master));
    }
    if (!master.startsWith("spark://")) {
      return;
    }
    Matcher hosts = HOST_AND_PORT.matcher(master);
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
    String reason =
        first instanceof UnknownHostException ? "unknown host" : String.valueOf(first.getMessage());
    throw new ClusterException(
        "the master %s cannot be reached (%s); is the cluster up, and is this its address?"
            .formatted(master, reason),
        first);
  }

  /** As below within a minute, for what has no configuration of a run. */
  public static int awaitSlots(JavaSparkContext spark, OptionalInt wanted) {
    return awaitSlots(spark, wanted, REGISTER);
  }

  /**
   * How many tasks can run at the same time, once the executors have come or the deadline is over.
   *
   * @param wanted how many are waited for; empty for those that come by themselves
   * @param within the deadline
   * @throws ClusterException if there is none before the deadline
   */
  public static int awaitSlots(JavaSparkContext spark, OptionalInt wanted, Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    boolean isLocal = spark.isLocal();
    int slots = Slots.count(spark);
    long since = System.nanoTime();
    while (true) {
      boolean isSettled = isLocal || System.nanoTime() - since >= settleNanos(spark, since);
      if (wanted.isPresent() ? slots >= wanted.getAsInt() : slots > 0 && isSettled) {
        return slots;
      }
      if (isLocal || System.nanoTime() > deadline) {
        if (slots == 0) {
          throw new ClusterException(
              "%s gave no executor within %d s; are there workers, and are they free?"
                  .formatted(spark.master(), within.toSeconds()),
              null);
        }
        return slots;
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

  /**
   * The engine that {@code auto} stands for here, with a word on why.
   *
   * @param slots how many tasks can run at the same time
   * @throws ClusterException if the engine that is wanted cannot run here
   */
  static EngineName choose(
      RunConfig config, JavaSparkContext spark, int slots, Consumer<String> messages) {
    Optional<Obstacle> obstacle = obstacleToBarriers(config, spark, slots);
    if (config.engine() == EngineName.ALLREDUCE && obstacle.isPresent()) {
      throw new ClusterException(
          "engine = allreduce cannot run: %s; %s, or use engine = tree"
              .formatted(obstacle.get().reason(), obstacle.get().remedy()),
          null);
    }
    if (config.engine() != EngineName.AUTO) {
      return config.engine();
    }
    obstacle.ifPresent(
        o -> messages.accept("engine tree (a Spark job a step), because " + o.reason()));
    return obstacle.isPresent() ? EngineName.TREE : EngineName.ALLREDUCE;
  }

  /** Why ranks cannot all run at the same time, and what would help. */
  private record Obstacle(String reason, String remedy) {}

  private static Optional<Obstacle> obstacleToBarriers(
      RunConfig config, JavaSparkContext spark, int slots) {
    if (spark.getConf().getBoolean("spark.dynamicAllocation.enabled", false)) {
      return Optional.of(new Obstacle("spark.dynamicAllocation.enabled is true", "turn it off"));
    }
    int ranks = config.ranks().orElse(1);
    if (ranks > slots) {
      return Optional.of(
          new Obstacle(
              "%d ranks need as many slots at the same time, but %s has %d"
                  .formatted(ranks, spark.master(), slots),
              "use fewer ranks"));
    }
    return Optional.empty();
  }

  /**
   * The number of ranks that {@code auto} stands for: a rank with fewer than 16 rows costs more.
   */
  static int ranks(RunConfig config, int slots) {
    int worthwhile = Math.max(1, config.batchSize() / MIN_ROWS);
    return config.ranks().orElse(Math.min(Math.min(slots, config.shardCount()), worthwhile));
  }

  private static final int MIN_ROWS = 16;

  private static Hub.Listen listen(ExchangeConfig exchange) {
    return new Hub.Listen(exchange.host(), exchange.bind(), exchange.port());
  }

  /**
   * What engines on Spark take from a configuration.
   *
   * @param attempts how often a round may be tried
   */
  public static SparkSettings engineSettings(RunConfig config, int attempts) {
    return new SparkSettings(
        config.kernel(),
        attempts,
        config.exchange().timeout().toMillis(),
        config.round().slotsTimeout().toMillis(),
        listen(config.exchange()));
  }
}
