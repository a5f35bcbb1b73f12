package dev.lockstep.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.browser.Browser;
import dev.lockstep.cli.Lockstep;
import java.nio.file.Files;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;

/**
 * Reports in Chromium as files without a network: every figure is drawn, nothing is fetched, nobody
 * complains, and the page fits a phone. Pictures are left in {@code target/browser}.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ReportsInBrowser {
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

  /** Trials that are timed, and lines between solutions, of a sweep that has been run. */
  @Test
  void everyOtherFigureOfASweepIsSeen() throws IOException {
    Path spec =
        Files.writeString(
            directory.resolve("spec.conf"),
            """
            set {
              data.uri = "synthetic:digits?n=1000&seed=1"
              layers = [dense 16 relu, dense 10]
              epochs = 3
            }
            for-each = [
              { label = small, engine = tree, ranks = 1, batch-size = 50 }
              { label = large, engine = tree, ranks = 2, batch-size = 500 }
            ]
            repeat { seed = [1, 2] }
            parallel = 1
            keep = all
            line { between = [small, large], points = 7 }
            figures = [
              { kind = scaling }
              { kind = line }
              { kind = lines, x = epoch, y = loss, by = label, title = "Losses" }
              { kind = bars, x = label, y = test_accuracy }
            ]
            """);
    Path sweep = directory.resolve("figures");
    assertThat(
            Lockstep.commandLine()
                .execute("sweep", spec.toString(), "--master=local[2]", "--out=" + sweep))
        .isZero();
    assertSeen(sweep, "figures", 6);
  }

  private void assertSeen(Path of, String name, int figures) throws IOException {
    String address = of.resolve("report.html").toUri().toString();
    for (String scheme : List.of("light", "dark")) {
      for (int width : new int[] {Browser.PHONE, Browser.TABLET, Browser.DESKTOP}) {
        browser.frame(width, scheme, "screen");
        browser.get(address);
        assertDrawn(figures);
        assertThat(browser.executeScript("return document.documentElement.scrollWidth"))
            .as("width of the page at %d", width)
            .isEqualTo((long) width);
        browser.picture("%s-%s-%d".formatted(name, scheme, width));
      }
    }
    browser.frame(Browser.TABLET, "dark", "print");
    assertDrawn(figures);
    assertThat(
            browser.executeScript("return getComputedStyle(document.body).backgroundColor"))
        .as("paper is white in print, whatever the screen is")
        .isEqualTo("rgb(255, 255, 255)");
    browser.picture(name + "-print");
    assertThat(
            browser.executeScript("return performance.getEntriesByType('resource').length"))
        .as("what the page has fetched")
        .isEqualTo(0L);
    assertThat(browser.console()).isEmpty();
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
}
