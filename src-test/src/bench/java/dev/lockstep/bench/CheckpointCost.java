package dev.lockstep.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.config.ConfigReader;
import dev.lockstep.config.RunConfig;
import dev.lockstep.train.RunDirectory;
import dev.lockstep.train.SparkSessions;
import dev.lockstep.train.TrainingRun;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What checkpoints cost: the time of training with one at the end alone, every epoch, and as often
 * as the disk allows, for 242 thousand and 10 million parameters with Adam, whose state is three
 * times as large. The three take turns; figures are medians, ratios medians of ratios within a
 * turn. Argument: Spark's master, local[2] without.
 */
public final class CheckpointCost {
  private static final int WARM_UPS = 1;
  private static final int TURNS = 5;

  private CheckpointCost() {}

  /**
   * A network and its work.
   *
   * @param layers as a configuration has them
   * @param examples of an epoch
   */
  private record Work(String layers, int examples, int batch, int epochs) {}

  private static final List<Work> WORKS =
      List.of(
          new Work("[dense 256 relu, dense 128 relu, dense 64 relu, dense 10]", 60_000, 128, 6),
          new Work("[dense 2800 relu, dense 2800 relu, dense 10]", 6_000, 250, 4));

  /** Steps between checkpoints; the first comes only at the end. */
  private static final List<String> EVERY = List.of("1000000", "epoch", "5");

  /** Prints a table. */
  public static void main(String[] args) throws IOException {
    JavaSparkContext spark =
        SparkSessions.open(Optional.of(args.length == 0 ? "local[2]" : args[0]));
    try {
      System.out.printf(
          "%12s %12s %10s %14s %12s %12s%n",
          "parameters", "checkpoint", "written", "bytes of one", "training, s", "over none");
      for (Work work : WORKS) {
        compare(spark, work);
      }
    } finally {
      spark.stop();
    }
  }

  private static void compare(JavaSparkContext spark, Work work) throws IOException {
    List<List<Run>> runs = new ArrayList<>();
    EVERY.forEach(every -> runs.add(new ArrayList<>()));
    for (int turn = -WARM_UPS; turn < TURNS; turn++) {
      for (int i = 0; i < EVERY.size(); i++) {
        Run run = run(spark, work, EVERY.get(i));
        if (turn >= 0) {
          runs.get(i).add(run);
        }
      }
    }
    for (int i = 0; i < EVERY.size(); i++) {
      List<Run> side = runs.get(i);
      List<Run> none = runs.get(0);
      double[] ratios = new double[TURNS];
      Arrays.setAll(ratios, t -> side.get(t).seconds / none.get(t).seconds);
      System.out.printf(
          Locale.ROOT,
          "%,12d %12s %10d %,14d %12.2f %12.3f%n",
          side.get(0).parameters,
          i == 0 ? "at the end" : EVERY.get(i).equals("epoch") ? "epoch" : EVERY.get(i) + " steps",
          side.get(0).written,
          side.get(0).bytes,
          median(side.stream().mapToDouble(Run::seconds).toArray()),
          median(ratios));
    }
  }

  /**
   * A run that has ended.
   *
   * @param written how many checkpoints it wrote
   * @param bytes of the state of one
   */
  private record Run(long parameters, double seconds, int written, long bytes) {}

  private static Run run(JavaSparkContext spark, Work work, String every) throws IOException {
    RunConfig config =
        ConfigReader.read(
            Optional.empty(),
            "defaults",
            List.of(
                "data.uri=\"synthetic:digits?n=%d&seed=1\"".formatted(work.examples),
                "layers=" + work.layers,
                "optimizer.name=adam",
                "optimizer.learning-rate=0.001",
                "engine=allreduce",
                "batch-size=" + work.batch,
                "epochs=" + work.epochs,
                "checkpoint.keep=1000000",
                "checkpoint.every=" + every));
    Path directory = Files.createTempDirectory("lockstep-bench");
    try (PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      Path run = directory.resolve("run");
      ObjectNode summary =
          new TrainingRun(config, RunDirectory.at(run.toString()), () -> spark, nowhere, false)
              .run();
      List<Path> states = files(run.resolve("checkpoints"), "state-");
      return new Run(
          summary.path("parameters").asLong(),
          summary.path("train_seconds").asDouble(),
          states.size(),
          Files.size(states.get(0)));
    } finally {
      Files.walkFileTree(directory, new Delete());
    }
  }

  private static List<Path> files(Path directory, String prefix) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> file.getFileName().toString().startsWith(prefix)).toList();
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
