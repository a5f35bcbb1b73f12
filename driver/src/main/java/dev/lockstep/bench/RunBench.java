package dev.lockstep.bench;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.lockstep.bench.Table.Column;
import dev.lockstep.config.RunConfig;
import dev.lockstep.data.ExampleSource;
import dev.lockstep.data.Split;
import dev.lockstep.engine.Training;
import dev.lockstep.source.DataSets;
import dev.lockstep.source.TrainingData;
import dev.lockstep.train.RunDirectory;
import dev.lockstep.train.TrainingRun;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Whole training runs by the product's own way, with data, metrics and checkpoints, in one session
 * that is warm: runs to warm up, then repetitions, each in a temporary run directory. And what they
 * took of memory.
 */
public final class RunBench {
  private static final double MEGA = 1e6;

  private final Supplier<JavaSparkContext> spark;
  private final Consumer<String> progress;

  /**
   * In a session.
   *
   * @param spark the session, opened when it is first asked for; the same at every call
   * @param progress hears of every run
   */
  public RunBench(Supplier<JavaSparkContext> spark, Consumer<String> progress) {
    this.spark = spark;
    this.progress = progress;
  }

  /** Runs every configuration. */
  public Report run(List<RunConfig> configs, int warmUps, int repetitions) throws IOException {
    Table table =
        new Table(
            "Whole runs, samples/s",
            new Column("batch", "batch", "%d"),
            Column.text("engine", "engine"),
            new Column("ranks", "ranks", "%d"),
            new Column("shards", "shards", "%d"),
            Column.text("run", "run"),
            new Column("steps alone", "samples_per_second", "%,.0f"),
            new Column("all of training", "samples_per_second_whole", "%,.0f"),
            new Column("training, s", "train_seconds", "%.2f"),
            new Column("run, s", "seconds", "%.2f"));
    Table memory =
        new Table(
            "Memory, MB",
            new Column("batch", "batch", "%d"),
            new Column("data", "data", "%.1f"),
            new Column("parameters, slots, two buffers", "state", "%.1f"),
            new Column("counted", "counted", "%.1f"),
            new Column("live heap", "heap_live", "%.1f"),
            new Column("peak heap", "heap_peak", "%.1f"),
            new Column("peak resident", "resident_peak", "%.1f"));
    String kernel = "";
    for (RunConfig config : configs) {
      Memory.resetPeaks();
      List<ObjectNode> summaries = new ArrayList<>();
      for (int i = -warmUps; i < repetitions; i++) {
        ObjectNode summary = runOnce(config);
        progress.accept(
            "batch %d, %s: %,d samples/s"
                .formatted(
                    config.batchSize(),
                    i < 0 ? "warm-up" : "run " + (i + 1),
                    summary.path("samples_per_second").asLong()));
        if (i >= 0) {
          summaries.add(summary);
        }
      }
      kernel = summaries.get(0).path("kernel").asText();
      addRuns(table, config, summaries);
      addMemory(memory, config);
    }
    return new Report(kernel, List.of(table, memory));
  }

  private ObjectNode runOnce(RunConfig config) throws IOException {
    Path temporary = Files.createTempDirectory("lockstep-bench");
    try (PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      RunDirectory directory = RunDirectory.at(temporary.resolve("run").toString());
      return new TrainingRun(config, directory, spark, nowhere, false).run();
    } finally {
      delete(temporary);
    }
  }

  private static void addRuns(Table table, RunConfig config, List<ObjectNode> summaries)
      throws IOException {
    Training training = training(config);
    double examples =
        (double) config.totalSteps(training.plan())
            / training.plan().stepsOf(0)
            * training.plan().examples();
    for (int i = 0; i <= summaries.size(); i++) {
      boolean isMedian = i == summaries.size();
      ObjectNode like = summaries.get(isMedian ? 0 : i);
      table.add(
          config.batchSize(),
          like.path("engine").asText(),
          like.path("ranks").asInt(),
          like.path("shards").asInt(),
          isMedian ? "median" : Integer.toString(i + 1),
          isMedian
              ? median(summaries, "samples_per_second")
              : like.path("samples_per_second").asDouble(),
          examples
              / (isMedian
                  ? median(summaries, "train_seconds")
                  : like.path("train_seconds").asDouble()),
          isMedian ? median(summaries, "train_seconds") : like.path("train_seconds").asDouble(),
          isMedian ? median(summaries, "seconds") : like.path("seconds").asDouble());
    }
  }

  private static double median(List<ObjectNode> summaries, String field) {
    return Samples.of(summaries.stream().mapToDouble(s -> s.path(field).asDouble()).toArray())
        .median();
  }

  private static void addMemory(Table table, RunConfig config) throws IOException {
    long data = 0;
    for (Split split : Split.values()) {
      data += Memory.ofData(DataSets.open(config.data().uri(), split));
    }
    long state = Memory.ofState(training(config));
    double peakHeap = Memory.peakHeap() / MEGA;
    OptionalLong resident = Memory.peakResident();
    table.add(
        config.batchSize(),
        data / MEGA,
        state / MEGA,
        (data + state) / MEGA,
        Memory.liveHeap() / MEGA,
        peakHeap,
        resident.isPresent() ? resident.getAsLong() / MEGA : null);
  }

  private static Training training(RunConfig config) throws IOException {
    ExampleSource source = TrainingData.open(config).train();
    return config.toTraining(source.examples(), source.features());
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
