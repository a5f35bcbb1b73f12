package dev.lockstep.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The directory of a sweep whose answer is known: steps follow {@code least (1 + size / B)} from
 * trial to trial, up to a factor of the seed whose median is 1.
 */
final class SampleSweep {
  static final double CRITICAL = 900;
  static final double LEAST = 40;
  static final double NOISE_SCALE = 700;
  static final List<Integer> BATCHES = List.of(32, 128, 512, 2048, 8192);

  private static final List<Double> RATES = List.of(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28);
  private static final List<Double> LUCK = List.of(0.93, 1.0, 1.06);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path directory;
  private final List<String> lines = new ArrayList<>();
  private final ObjectNode summary = JSON.createObjectNode();

  private SampleSweep(Path directory) {
    this.directory = directory;
  }

  /**
   * Writes it.
   *
   * @param goal as the user wrote it
   */
  static void write(Path directory, String goal) throws IOException {
    new SampleSweep(directory).write(goal);
  }

  private void write(String goal) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(
        directory.resolve("sweep.conf"),
        """
        goal = %s
        for-each { batch-size = %s }
        tune { optimizer.learning-rate = { from = 0.01, to = 1.28, points = 8, scale = log } }
        repeat { seed = [1, 2, 3] }
        budget { epochs = 200 }
        figures = [
          { kind = steps-to-goal, x = batch-size }
          { kind = lines, x = step, y = validation_loss, by = batch-size, title = "Curves" }
          { kind = bars, y = test_accuracy, by = batch-size, title = "Test accuracy" }
        ]
        """
            .formatted(JSON.writeValueAsString(goal), BATCHES));
    summary.put("status", "finished");
    summary.put("exit", 0);
    for (int batch : BATCHES) {
      cell(batch);
    }
    Files.write(directory.resolve("trials.jsonl"), lines);
    Files.writeString(
        directory.resolve("summary.json"),
        JSON.writerWithDefaultPrettyPrinter().writeValueAsString(summary));
  }

  /** The best rate grows with the root of the batch, and at the end lies at the edge. */
  private void cell(int batch) throws IOException {
    int best = Math.min(RATES.size() - 1, 3 + BATCHES.indexOf(batch));
    ObjectNode answer = summary.withArray("cells").addObject();
    answer.putObject("settings").put("batch-size", batch);
    answer.put("best_trial", lines.size() + best);
    for (int r = 0; r < RATES.size(); r++) {
      String status = r > best + 2 ? "INFEASIBLE" : r < best - 3 ? "OUT_OF_BUDGET" : "COMPLETE";
      trial("tune", batch, RATES.get(r), 1, status, 1 + 0.3 * Math.abs(r - best));
    }
    for (int seed = 1; seed <= LUCK.size(); seed++) {
      trial("repeat", batch, RATES.get(best), seed, "COMPLETE", LUCK.get(seed - 1));
    }
  }

  private void trial(String stage, int batch, double rate, int seed, String status, double slowness)
      throws IOException {
    long steps = Math.round(LEAST * (1 + CRITICAL / batch) * slowness);
    ObjectNode line = JSON.createObjectNode();
    int number = lines.size();
    line.put("trial", number);
    line.put("stage", stage);
    ObjectNode settings = line.putObject("settings");
    settings.put("batch-size", batch);
    settings.put("optimizer.learning-rate", rate);
    settings.put("seed", seed);
    line.put("status", status);
    line.put("reason", "sample");
    line.put("seconds", 1.5);
    if (status.equals("COMPLETE")) {
      line.put("steps", steps);
      line.put("epochs", (double) (steps * batch) / 55_000);
      line.put("validation_accuracy", 0.97 + 0.001 * seed);
      line.put("validation_loss", 0.1 * slowness);
      line.put("test_accuracy", 0.968 + 0.001 * seed);
      line.put("noise_scale", NOISE_SCALE);
    }
    lines.add(JSON.writeValueAsString(line));
    Path run = directory.resolve(String.format(Locale.ROOT, "trials/%04d", number));
    Files.createDirectories(run);
    List<String> metrics = new ArrayList<>();
    for (int point = 1; point <= 20; point++) {
      ObjectNode step = JSON.createObjectNode();
      step.put("step", Math.max(1, point * steps / 20));
      step.put("epoch", point);
      step.put("loss", 2.3 * Math.exp(-0.2 * point));
      step.putObject("validation").put("loss", 0.1 * slowness + 2 * Math.exp(-0.25 * point));
      metrics.add(JSON.writeValueAsString(step));
    }
    Files.write(run.resolve("metrics.jsonl"), metrics);
  }
}
