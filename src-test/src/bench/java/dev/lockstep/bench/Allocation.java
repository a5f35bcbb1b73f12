package dev.lockstep.bench;

import com.sun.management.ThreadMXBean;
import dev.lockstep.bench.Table.Column;
import dev.lockstep.config.ConfigReader;
import dev.lockstep.config.RunConfig;
import dev.lockstep.train.RunDirectory;
import dev.lockstep.train.SparkSessions;
import dev.lockstep.train.TrainingRun;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;

/**
 * What a step of a round allocates: whole runs of one round, short and long by turns; the
 * difference in what their threads have allocated, over the difference in steps, as the JVMs of the
 * tasks count it. What a run or a round allocates cancels out. Medians.
 *
 * <p>An argument is the master: {@code local[2]}, or {@code local-cluster[2,1,1024]} with
 * SPARK_HOME set.
 */
public final class Allocation {
  private static final int[] BATCHES = {128, 1024};
  private static final int EXAMPLES = 120_000;
  private static final int RANKS = 2;
  private static final int SHORT = 10;
  private static final int LONG = 110;
  private static final int WARM_UP = 2;
  private static final int TURNS = 5;

  private Allocation() {}

  /** Prints a table. */
  public static void main(String[] args) throws IOException {
    String master = args.length == 0 ? "local[%d]".formatted(RANKS) : args[0];
    System.setProperty("spark.executor.extraClassPath", System.getProperty("java.class.path"));
    Table table =
        new Table(
            "Bytes that a step allocates, %s, medians of %d turns".formatted(master, TURNS),
            new Column("batch", "batch", "%d"),
            new Column("threads of the two ranks", "tasks", "%,.0f"),
            new Column("all other threads of their JVMs", "others", "%,.0f"));
    try (JavaSparkContext spark = SparkSessions.open(Optional.of(master))) {
      for (int batch : BATCHES) {
        double[] tasks = new double[TURNS];
        double[] others = new double[TURNS];
        for (int turn = -WARM_UP; turn < TURNS; turn++) {
          Bytes few = run(spark, batch, SHORT);
          Bytes many = run(spark, batch, LONG);
          if (turn >= 0) {
            tasks[turn] = (many.tasks - few.tasks) / (double) (LONG - SHORT);
            others[turn] = (many.others - few.others) / (double) (LONG - SHORT);
          }
        }
        table.add(batch, Samples.of(tasks).median(), Samples.of(others).median());
      }
    }
    System.out.println(table.text());
  }

  /** What one run allocates. */
  private static Bytes run(JavaSparkContext spark, int batch, int steps) throws IOException {
    Path directory = Files.createTempDirectory("lockstep-bench");
    RunConfig config =
        ConfigReader.read(
            Optional.empty(),
            "defaults",
            List.of(
                "data.uri=\"synthetic:digits?n=%d&seed=1\"".formatted(EXAMPLES),
                "layers=[dense 256 relu, dense 128 relu, dense 64 relu, dense 10]",
                "optimizer.learning-rate=0.01",
                "engine=allreduce",
                "ranks=" + RANKS,
                "round.steps=" + LONG,
                "batch-size=" + batch,
                "steps=" + steps));
    Bytes before = Bytes.ofAll(spark);
    new TrainingRun(
            config,
            RunDirectory.at(directory.resolve("run").toString()),
            () -> spark,
            new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
            false)
        .run();
    return Bytes.ofAll(spark).minus(before);
  }

  /** What the threads that live have allocated. */
  private record Bytes(long tasks, long others) {
    private static final String TASK = "Executor task launch";

    /** In all JVMs that run tasks. */
    static Bytes ofAll(JavaSparkContext spark) {
      Map<Long, Bytes> found = new HashMap<>();
      int jvms = spark.isLocal() ? 1 : RANKS;
      List<Integer> ids = IntStream.range(0, RANKS).boxed().toList();
      Function<Integer, long[]> ofTask = id -> here();
      while (found.size() < jvms) {
        for (long[] fields : spark.parallelize(ids, RANKS).map(ofTask).collect()) {
          found.put(fields[0], new Bytes(fields[1], fields[2]));
        }
      }
      return found.values().stream().reduce(new Bytes(0, 0), Bytes::plus);
    }

    /** The process, and what threads of tasks and others have allocated in it. */
    private static long[] here() {
      ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
      long[] ids = threads.getAllThreadIds();
      ThreadInfo[] infos = threads.getThreadInfo(ids);
      long[] bytes = threads.getThreadAllocatedBytes(ids);
      long tasks = 0;
      long others = 0;
      for (int t = 0; t < ids.length; t++) {
        if (infos[t] != null && infos[t].getThreadName().startsWith(TASK)) {
          tasks += bytes[t];
        } else {
          others += Math.max(0, bytes[t]);
        }
      }
      return new long[] {ProcessHandle.current().pid(), tasks, others};
    }

    private Bytes plus(Bytes more) {
      return new Bytes(tasks + more.tasks, others + more.others);
    }

    private Bytes minus(Bytes less) {
      return new Bytes(tasks - less.tasks, others - less.others);
    }
  }
}
