package dev.lockstep.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** Chromium without a window, of a size and with the colours that a test wants. */
public final class Browser extends ChromeDriver {
  public static final int PHONE = 390;
  public static final int TABLET = 820;
  public static final int DESKTOP = 1400;

  private static final Path PICTURES = Path.of(System.getProperty("browser.pictures"));

  /** Opens the Chromium that {@code browser.binary} and {@code browser.driver} name. */
  public Browser() throws IOException {
    super(
        new ChromeDriverService.Builder()
            .usingDriverExecutable(Path.of(System.getProperty("browser.driver")).toFile())
            .build(),
        options());
    Files.createDirectories(PICTURES);
  }

  private static ChromeOptions options() {
    ChromeOptions options = new ChromeOptions();
    options.setBinary(System.getProperty("browser.binary"));
    options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    return options;
  }

  /**
   * Makes the screen one of a kind.
   *
   * @param width in pixels
   * @param scheme light or dark
   * @param media screen or print
   */
  public void frame(int width, String scheme, String media) {
    executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", 1300, "deviceScaleFactor", 1, "mobile", width == PHONE));
    executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of(
            "media",
            media,
            "features",
            List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  /** Leaves a picture of the whole page in {@code browser.pictures}. */
  public void picture(String name) throws IOException {
    Map<String, Object> whole =
        executeCdpCommand(
            "Page.captureScreenshot", Map.of("format", "png", "captureBeyondViewport", true));
    byte[] png = OutputType.BYTES.convertFromBase64Png((String) whole.get("data"));
    Files.write(PICTURES.resolve(name + ".png"), png);
  }

  /** What the console has said since it was last asked. */
  public List<LogEntry> console() {
    return manage().logs().get(LogType.BROWSER).getAll();
  }
}
