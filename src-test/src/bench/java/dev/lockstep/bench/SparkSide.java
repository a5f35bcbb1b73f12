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
import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * Whole runs of the product in one Spark session: data, engine {@code allreduce}, metrics and
 * checkpoints as they are without a word in the configuration, each run in a directory of its own.
 */
final class SparkSide implements Side {
  private static final int FIRST_EPOCHS = 2;

  private final JavaSparkContext spark;
  private final int batch;
  private final Path data;
  private double rate;

  /**
   * A session that stays open.
   *
   * @param data a directory of IDX files
   */
  SparkSide(String master, int batch, Path data) {
    this.spark = SparkSessions.open(Optional.of(master));
    this.batch = batch;
    this.data = data;
  }

  @Override
  public Speed run(double seconds) throws IOException {
    int epochs =
        rate == 0 ? FIRST_EPOCHS : (int) Math.max(1, Math.round(seconds * rate / EXAMPLES));
    Path directory = Files.createTempDirectory("lockstep-bench");
    try {
      ObjectNode summary =
          new TrainingRun(
                  config(epochs),
                  RunDirectory.at(directory.resolve("run").toString()),
                  () -> spark,
                  new PrintStream(
                      OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                  false)
              .run();
      rate = summary.path("samples_per_second").asDouble();
      double trained = (double) epochs * EXAMPLES;
      return new Speed(rate, trained / summary.path("train_seconds").asDouble());
    } finally {
      Files.walkFileTree(directory, new Delete());
    }
  }

  private RunConfig config(int epochs) {
    return ConfigReader.read(
        Optional.empty(),
        "defaults",
        List.of(
            "data.uri=\"%s\"".formatted(data),
            "layers=[dense 256 relu, dense 128 relu, dense 64 relu, dense 10]",
            "optimizer.learning-rate=0.01",
            "engine=allreduce",
            "batch-size=" + batch,
            "epochs=" + epochs));
  }
}
