package dev.lockstep.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * The Training tab in Chromium, while a run goes and from its event log: what stands on the page,
 * what is drawn, and that nobody complains. Pictures of it are left in {@code target/browser}.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TrainingTabInBrowser {
  private static final int EPOCHS = 120;
  private static final int DESKTOP = 1400;
  private static final int PHONE = 390;
  private static final Path PICTURES = Path.of(System.getProperty("browser.pictures"));

  @TempDir private Path directory;
  private ChromeDriver browser;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectories(PICTURES);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(System.getProperty("browser.binary"));
    options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    ChromeDriverService service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Path.of(System.getProperty("browser.driver")).toFile())
            .build();
    browser = new ChromeDriver(service, options);
  }

  @AfterEach
  void close() {
    browser.quit();
  }

  @Test
  void isReadAndSeen() throws Exception {
    try (WatchedTraining training = WatchedTraining.start(directory, EPOCHS)) {
      training.await(page -> page.step() > 200 && page.has("ranks"));
      frame(DESKTOP, "light");
      browser.get(training.tab());
      long first = step();
      double loss = figure("loss");
      assertThat(browser.findElement(By.id("run-status")).getText()).isEqualTo("running");
      assertDrawn();
      picture("live");
      awaitLaterThan(first);
      assertQuiet();
      training.running().await().expect(0);
      assertSaysThatNobodyAnswers();

      List<JsonNode> metrics = training.metrics();
      assertThat(loss).isEqualTo(metrics.get((int) first - 1).path("loss").asDouble());
      try (HistoryServer history = HistoryServer.start(training.events())) {
        browser.get(history.tab(training.application()));
        assertPast(metrics.get(metrics.size() - 1), training.summary());
        for (String scheme : List.of("light", "dark")) {
          for (int width : new int[] {DESKTOP, PHONE}) {
            frame(width, scheme);
            assertFits();
            picture("history-%s-%d".formatted(scheme, width));
          }
        }
        assertQuiet();
      }
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

  private void assertSaysThatNobodyAnswers() throws InterruptedException {
    By unanswered = By.cssSelector("#lockstep.unanswered");
    for (int i = 0; i < 100 && browser.findElements(unanswered).isEmpty(); i++) {
      Thread.sleep(100);
    }
    assertThat(browser.findElements(unanswered)).hasSize(1);
    // The browser notes the connection that was refused; what comes next is another page.
    browser.manage().logs().get(LogType.BROWSER);
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
            browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue()))
        .isEmpty();
  }

  private void frame(int width, String scheme) {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 1300, "deviceScaleFactor", 1, "mobile", width == PHONE));
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  private void picture(String name) throws IOException {
    Map<String, Object> whole =
        browser.executeCdpCommand(
            "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    byte[] png = OutputType.BYTES.convertFromBase64Png((String) whole.get("data"));
    Files.write(PICTURES.resolve(name + ".png"), png);
  }
}
