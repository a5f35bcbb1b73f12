package dev.lockstep.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What Spark's UI, its History Server and the Prometheus servlet show of a run is what its files
 * say. {@code -Pbrowser} looks at the same with a browser.
 */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class TrainingTabIT {
  private static final int EPOCHS = 30;

  @TempDir private Path directory;

  @Test
  void showsWhatTheFilesOfTheRunSay() throws Exception {
    try (WatchedTraining training = WatchedTraining.start(directory, EPOCHS)) {
      Page live = training.await(page -> page.has("validation-accuracy") && page.has("ranks"));
      assertThat(live.status()).isEqualTo("running");
      assertThat(live.charts()).isEqualTo(6);
      assertThat(live.html()).contains("data-going=\"true\"", "driver on", "dense 784x64");
      List<String> prometheus = training.prometheus();
      assertThat(prometheus)
          .anyMatch(line -> line.contains("_lockstep_loss_Value"))
          .anyMatch(line -> line.contains("_lockstep_step_micros_99thPercentile"));
      training.running().await().expect(0);

      List<JsonNode> metrics = training.metrics();
      JsonNode shown = metrics.get((int) live.step() - 1);
      assertThat(live.figure("loss")).isEqualTo(shown.path("loss").asDouble());
      assertThat(live.figure("learning-rate")).isEqualTo(shown.path("learning_rate").asDouble());
      assertThat(
              metrics.stream().map(line -> line.path("validation").path("accuracy").asDouble(-1)))
          .contains(live.figure("validation-accuracy"));
      for (String part : List.of("compute_ms", "exchange_ms", "wait_ms")) {
        assertThat(shown.path("timing").path(part).isNumber()).as(part).isTrue();
      }
      try (Stream<Path> files = Files.list(directory.resolve("run/tensorboard"))) {
        assertThat(files).hasSize(1);
      }
      assertTheHistoryServerShowsIt(training, metrics.get(metrics.size() - 1));
    }
  }

  private static void assertTheHistoryServerShowsIt(WatchedTraining training, JsonNode last)
      throws Exception {
    JsonNode summary = training.summary();
    try (HistoryServer history = HistoryServer.start(training.events())) {
      Page past = new Page(Http.get(history.tab(training.application())));
      assertThat(past.status()).isEqualTo("finished");
      assertThat(past.html()).contains("data-going=\"false\"", "Training");
      assertThat(past.charts()).isEqualTo(6);
      assertThat(past.step()).isEqualTo(summary.path("steps").asLong());
      assertThat(past.figure("loss")).isEqualTo(last.path("loss").asDouble());
      assertThat(past.figure("validation-loss"))
          .isEqualTo(last.path("validation").path("loss").asDouble());
      assertThat(past.figure("validation-accuracy"))
          .isEqualTo(last.path("validation").path("accuracy").asDouble());
      assertThat(past.figure("train-accuracy"))
          .isEqualTo(summary.path("train_accuracy").asDouble());
      assertThat(past.figure("test-accuracy")).isEqualTo(summary.path("test_accuracy").asDouble());
    }
  }
}
