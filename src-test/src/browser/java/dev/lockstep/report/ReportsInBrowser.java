package dev.lockstep.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cli.Lockstep;
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
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/**
 * Reports in Chromium as files without a network: every figure is drawn, nothing is fetched, nobody
 * complains, and the page fits a phone. Pictures are left in {@code target/browser}.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ReportsInBrowser {
  private static final Path PICTURES = Path.of(System.getProperty("browser.pictures"));
  private static final int PHONE = 390;

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
  void aRunIsSeen() throws IOException {
    Path run = directory.resolve("run");
    int exit =
        Lockstep.commandLine()
            .execute(
                "train",
                "--out=" + run,
                "--set=engine=local",
                "--set=epochs=4",
                "--set=validation.fraction=0.1",
                "--set=noise-scale.every=5",
                "--set=data.uri=\"synthetic:digits?n=4000&seed=1\"");
    assertThat(exit).isZero();
    assertSeen(run, "run", 10);
    assertThat(browser.findElements(By.cssSelector(".confusion tbody tr"))).hasSize(10);
    assertThat(browser.findElements(By.cssSelector(".gallery img"))).hasSize(32);
    assertThat(browser.findElements(By.cssSelector(".weights img"))).isNotEmpty();
    assertThat(
            browser.executeScript(
                "return [...document.images].every(i => i.complete && i.naturalWidth > 1)"))
        .isEqualTo(true);
  }

  @Test
  void aSweepIsSeen() throws IOException {
    Path sweep = directory.resolve("sweep");
    SampleSweep.write(sweep, "validation_accuracy >= 0.97");
    assertThat(Lockstep.commandLine().execute("report", sweep.toString())).isZero();
    assertSeen(sweep, "sweep", 4);
    assertThat(browser.findElements(By.cssSelector(".landscape td.infeasible"))).isNotEmpty();
  }

  private void assertSeen(Path of, String name, int figures) throws IOException {
    String address = of.resolve("report.html").toUri().toString();
    for (String scheme : List.of("light", "dark")) {
      for (int width : new int[] {PHONE, 820, 1400}) {
        frame(width, scheme, "screen");
        browser.get(address);
        assertDrawn(figures);
        assertThat(browser.executeScript("return document.documentElement.scrollWidth"))
            .as("width of the page at %d", width)
            .isEqualTo((long) width);
        picture("%s-%s-%d".formatted(name, scheme, width));
      }
    }
    frame(820, "dark", "print");
    assertDrawn(figures);
    assertThat(
            browser.executeScript("return getComputedStyle(document.body).backgroundColor"))
        .as("paper is white in print, whatever the screen is")
        .isEqualTo("rgb(255, 255, 255)");
    picture(name + "-print");
    assertThat(
            browser.executeScript("return performance.getEntriesByType('resource').length"))
        .as("what the page has fetched")
        .isEqualTo(0L);
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll()).isEmpty();
  }

  /** Every figure has a title of its own and paths with a colour that take room. */
  private void assertDrawn(int figures) {
    Object drawn =
        browser.executeScript(
            "return [...document.querySelectorAll('figure')].map(figure => {"
                + " const paths = [...figure.querySelectorAll('svg path')].filter(p => {"
                + "   const style = getComputedStyle(p), box = p.getBoundingClientRect();"
                + "   const isInk = style.stroke !== 'none' || style.fill !== 'none';"
                + "   return isInk && box.width + box.height > 4; });"
                + " const room = figure.querySelector('svg').getBoundingClientRect();"
                + " const isDrawn = paths.length > 1 && room.width > 250 && room.height > 100;"
                + " return isDrawn ? figure.querySelector('figcaption').innerText : ''; })");
    assertThat((List<?>) drawn)
        .hasSize(figures)
        .doesNotHaveDuplicates()
        .noneMatch(title -> title.equals(""));
  }

  private void frame(int width, String scheme, String media) {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 1300, "deviceScaleFactor", 1, "mobile", width == PHONE));
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "media",
            media,
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  private void picture(String name) throws IOException {
    Map<String, Object> whole =
        browser.executeCdpCommand(
            "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    byte[] png = OutputType.BYTES.convertFromBase64Png((String) whole.get("data"));
    Files.write(PICTURES.resolve(name + ".png"), png);
  }
}
