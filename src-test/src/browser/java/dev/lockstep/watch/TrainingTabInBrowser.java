package dev.lockstep.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import dev.lockstep.browser.Browser;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/**
 * The Training tab in Chromium, while a run goes and from its event log: what stands on the page,
 * what is drawn, and that nobody complains. Pictures of it are left in {@code target/browser}.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TrainingTabInBrowser {
  private static final int EPOCHS = 120;

  @TempDir private Path directory;
  private Browser browser;

  @BeforeEach
  void open() throws IOException {
    browser = new Browser();
  }

  @AfterEach
  void close() {
    browser.quit();
  }

  @Test
  void isReadAndSeen() throws Exception {
    try (WatchedTraining training = WatchedTraining.start(directory, EPOCHS)) {
      training.await(page -> page.step() > 200 && page.has("ranks"));
      browser.frame(Browser.DESKTOP, "light", "screen");
      browser.get(training.tab());
      long first = step();
      double loss = figure("loss");
      assertThat(browser.findElement(By.id("run-status")).getText()).isEqualTo("running");
      assertDrawn();
      browser.picture("live");
      awaitLaterThan(first);
      assertQuiet();
      browser.get("about:blank");
      training.running().await().expect(0);

      List<JsonNode> metrics = training.metrics();
      assertThat(loss).isEqualTo(metrics.get((int) first - 1).path("loss").asDouble());
      try (HistoryServer history = HistoryServer.start(training.events())) {
        browser.get(history.tab(training.application()));
        assertPast(metrics.get(metrics.size() - 1), training.summary());
        for (String scheme : List.of("light", "dark")) {
          for (int width : new int[] {Browser.DESKTOP, Browser.PHONE}) {
            browser.frame(width, scheme, "screen");
            assertFits();
            browser.picture("history-%s-%d".formatted(scheme, width));
          }
        }
        assertQuiet();
      }
    }
  }

  /** A driver that is gone cannot say so itself. */
  @Test
  void saysThatNobodyAnswers() throws Exception {
    try (WatchedTraining training = WatchedTraining.start(directory, EPOCHS)) {
      training.await(page -> page.step() > 200);
      browser.get(training.tab());
      training.running().process().destroyForcibly();
      By unanswered = By.cssSelector("#lockstep.unanswered");
      for (int i = 0; i < 100 && browser.findElements(unanswered).isEmpty(); i++) {
        Thread.sleep(100);
      }
      assertThat(browser.findElements(unanswered)).hasSize(1);
    }
  }

  private void assertPast(JsonNode last, JsonNode summary) {
    assertThat(browser.findElement(By.id("run-status")).getText()).isEqualTo("finished");
    assertThat(figure("loss")).isEqualTo(last.path("loss").asDouble());
    assertThat(figure("validation-accuracy"))
        .isEqualTo(last.path("validation").path("accuracy").asDouble());
    assertThat(figure("test-accuracy")).isEqualTo(summary.path("test_accuracy").asDouble());
    assertDrawn();
  }

  /** The step that the page shows; it fetches itself, so an element may be gone when it is asked. */
  private long step() {
    return Long.parseLong(
        (String)
            browser.executeScript("return document.getElementById('step').getAttribute('value')"));
  }

  /** What a tile shows, by its text and in full. */
  private double figure(String id) {
    List<?> both =
        (List<?>)
            browser.executeScript(
                "const d = document.querySelector('#' + arguments[0] + ' data');"
                    + " return [d.textContent, d.getAttribute('value')]",
                id);
    double whole = Double.parseDouble((String) both.get(1));
    String text = (String) both.get(0);
    double shown = Double.parseDouble(text.replace(",", "").replace(" %", ""));
    assertThat(text.endsWith("%") ? shown / 100 : shown)
        .isCloseTo(whole, withPercentage(1));
    return whole;
  }

  /** Every chart has a line or a surface that takes room and has a colour. */
  private void assertDrawn() {
    List<WebElement> charts = browser.findElements(By.cssSelector("#lockstep .chart"));
    assertThat(charts).hasSize(6);
    Object drawn =
        browser.executeScript(
            "return [...document.querySelectorAll('#lockstep .chart svg')].map(svg => {"
                + " const box = svg.getBoundingClientRect();"
                + " const paths = [...svg.querySelectorAll('path')].filter(p => {"
                + "   const style = getComputedStyle(p);"
                + "   return p.getTotalLength() > 20"
                + "     && (style.stroke !== 'none' || style.fill !== 'none'); });"
                + " return box.width > 250 && box.height > 100 && paths.length > 0; })");
    assertThat((List<?>) drawn).hasSize(6).allMatch(Boolean.TRUE::equals);
  }

  /** The page goes on by itself. */
  private void awaitLaterThan(long step) throws InterruptedException {
    for (int i = 0; i < 100 && step() <= step; i++) {
      Thread.sleep(100);
    }
    assertThat(step()).isGreaterThan(step);
  }

  /** Nothing is wider than the window but tables that can be moved. */
  private void assertFits() {
    assertThat(
            browser.executeScript(
                "return document.documentElement.scrollWidth <= window.innerWidth"))
        .isEqualTo(true);
  }

  private void assertQuiet() {
    assertThat(
            browser.console().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue()))
        .isEmpty();
  }
}
