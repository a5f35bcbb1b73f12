package dev.lockstep.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.lockstep.engine.DivergedException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.spark.metrics.MetricsSystem;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is left to look at, and what is not left, of fits in a user's own session. */
final class FitIsWatchedTest {
  private static SparkSession spark;

  @BeforeAll
  static void open() {
    spark =
        SparkSession.builder()
            .master("local[2]")
            .config("spark.ui.enabled", "true")
            .config("spark.ui.port", "0")
            .config("spark.log.level", "WARN")
            .getOrCreate();
  }

  @AfterAll
  static void close() {
    spark.stop();
  }

  private static String page() throws IOException, InterruptedException {
    URI tab = URI.create(spark.sparkContext().uiWebUrl().get() + "/training/");
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(tab).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  private static LockstepClassifier classifier(String uid) {
    return new LockstepClassifier(uid)
        .setLayers(new int[] {4, 8, 3})
        .setBatchSize(32)
        .setMaxIter(3);
  }

  /** The page, once it has so many runs that have ended. */
  private static String pageWith(int ended) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    String page = page();
    while (page.split("class=\"status (finished|diverged)\">", -1).length <= ended
        && System.nanoTime() < deadline) {
      Thread.sleep(50);
      page = page();
    }
    return page;
  }

  @Test
  void everyFitHasARowAndNothingElseStays() throws Exception {
    classifier("first").fit(Sessions.points(spark, 200));
    classifier("second <b>").fit(Sessions.points(spark, 200));
    LockstepClassifier wild = classifier("wild").setOptimizer("sgd").setStepSize(1e25);
    assertThatThrownBy(() -> wild.fit(Sessions.points(spark, 200)))
        .isInstanceOf(DivergedException.class);

    String page = pageWith(3);
    assertThat(page)
        .contains("Runs of this application (3)")
        .contains("· first</a>")
        .contains("· second &lt;b&gt;</a>")
        .contains("· wild</a>")
        .contains("class=\"status diverged\">")
        .contains("4 → dense 8 relu → dense 3");
    MetricsSystem metrics = spark.sparkContext().env().metricsSystem();
    assertThat(metrics.getSourcesByName("lockstep").size()).isZero();
    assertThat(List.copyOf(Thread.getAllStackTraces().keySet()))
        .noneMatch(thread -> thread.getName().startsWith("lockstep-watch"));
  }
}
