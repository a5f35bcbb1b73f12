package dev.lockstep.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepReportTest {
  @TempDir private Path directory;

  private JsonNode figures() throws IOException {
    return new ObjectMapper()
        .readTree(directory.resolve("figures.json").toFile())
        .path("steps_to_goal")
        .path(0);
  }

  @Test
  void findsTheCriticalBatchSizeThatTheTrialsFollow() throws IOException {
    SampleSweep.write(directory, "validation_accuracy >= 0.97");
    SweepReport.write(directory.toString());
    JsonNode fit = figures().path("fit");
    // Steps are whole, so the law holds to about 1 in 2 · 40.
    assertThat(fit.path("critical_batch").asDouble())
        .isCloseTo(SampleSweep.CRITICAL, within(0.03 * SampleSweep.CRITICAL));
    assertThat(fit.path("least_steps").asDouble())
        .isCloseTo(SampleSweep.LEAST, within(0.03 * SampleSweep.LEAST));
    assertThat(figures().path("predicted_critical_batch").asDouble())
        .isEqualTo(SampleSweep.NOISE_SCALE);
    assertThat(figures().path("points")).hasSize(SampleSweep.BATCHES.size());
    // 40 (1 + 900/B) B is 37280, 41120 and 56480 at 32, 128 and 512: 1.10 and 1.52 times the first.
    assertThat(figures().path("knee").asDouble()).isEqualTo(128);
  }

  @Test
  void tellsOutcomesApartAndMarksWhatLiesAtAnEdge() throws IOException {
    SampleSweep.write(directory, "validation_accuracy >= 0.97");
    SweepReport.write(directory.toString());
    String page = Files.readString(directory.resolve("report.html"));
    assertThat(page).contains("title=\"INFEASIBLE\">×<", "title=\"OUT_OF_BUDGET\">○<");
    // Of 8192 alone the best rate is the last that was tried.
    assertThat(page).contains("<td>1.28 *</td>").doesNotContain("<td>0.64 *</td>");
    assertThat(page).contains("class=\"complete best");
  }

  @Test
  void trialsThatWereCutOffAreNotCountedAsAnAnswer() throws IOException {
    Files.writeString(
        directory.resolve("sweep.conf"),
        "goal = g, for-each { batch-size = [32] }, repeat { seed = [1, 2, 3] },"
            + " figures = [{ kind = bars, x = batch-size, y = epochs }]");
    String line = "{\"trial\":%d,\"stage\":\"repeat\",\"settings\":{\"batch-size\":32,\"seed\":%d}";
    Files.writeString(
        directory.resolve("trials.jsonl"),
        line.formatted(0, 1)
            + ",\"status\":\"COMPLETE\",\"epochs\":8}\n"
            + line.formatted(1, 2)
            + ",\"status\":\"OUT_OF_BUDGET\",\"epochs\":30}\n");
    SweepReport.write(directory.toString());
    assertThat(Files.readString(directory.resolve("report.html")))
        .contains("<td>1 of 2</td>", "[[0,8]]")
        .doesNotContain("[0,30]");
  }

  @Test
  void textOfTheUserCannotBecomeMarkup() throws IOException {
    SampleSweep.write(directory, "</script><script>alert('a \"goal\"')</script>");
    SweepReport.write(directory.toString());
    assertThat(Files.readString(directory.resolve("report.html")))
        .doesNotContain("<script>alert")
        .contains("&lt;/script&gt;&lt;script&gt;alert(&#39;a &quot;goal&quot;&#39;)");
  }

  @Test
  void nothingFinishedYetIsAReportToo() throws IOException {
    Files.writeString(directory.resolve("sweep.conf"), "figures = [{ kind = steps-to-goal }]");
    SweepReport.write(directory.toString());
    assertThat(Files.readString(directory.resolve("report.html")))
        .contains("unfinished")
        .doesNotContain("data-figure=");
  }
}
