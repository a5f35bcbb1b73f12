package dev.lockstep.source;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.lockstep.config.ConfigException;
import dev.lockstep.config.DataConfig;
import dev.lockstep.data.DataException;
import dev.lockstep.serialization.Sha256;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class MirrorDownloadTest {
  private static final byte[] A = "contents of a".getBytes(UTF_8);
  private static final byte[] B = "contents of b".getBytes(UTF_8);
  private static final PublishedData DATA =
      new PublishedData(
          "mnist",
          List.of(
              new PublishedData.File("a.gz", Sha256.of(A)),
              new PublishedData.File("b.gz", Sha256.of(B))));

  @TempDir Path directory;
  private final MirrorDownload download =
      new MirrorDownload(Duration.ofSeconds(5), Duration.ofSeconds(10));
  private final List<String> progress = new ArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/good/a.gz", exchange -> answer(exchange, 200, A));
    server.createContext("/good/b.gz", exchange -> answer(exchange, 200, B));
    server.createContext("/missing/", exchange -> answer(exchange, 404, new byte[0]));
    server.createContext("/wrong/", exchange -> answer(exchange, 200, "junk".getBytes(UTF_8)));
    server.createContext("/stalled/", this::stall);
    server.createContext("/cut/", MirrorDownloadTest::cut);
    server.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  /** Sends a part of the body, and then nothing. */
  private void stall(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, A.length);
    exchange.getResponseBody().write(A, 0, 3);
    exchange.getResponseBody().flush();
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  /** Sends less than it declares. */
  private static void cut(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, A.length);
    exchange.getResponseBody().write(A, 0, 3);
    exchange.close();
  }

  private String mirror(String name) {
    return "http://%s:%d/%s/"
        .formatted(
            server.getAddress().getAddress().getHostAddress(), server.getAddress().getPort(), name);
  }

  private Storage destination() {
    return Storage.at(new Location(directory.toString()));
  }

  private void fetch(String... mirrors) throws IOException {
    fetch(download, mirrors);
  }

  private void fetch(MirrorDownload download, String... mirrors) throws IOException {
    download.fetch(DATA, List.of(mirrors), destination(), progress::add);
  }

  @Test
  void filesComeFromTheFirstMirror() throws IOException {
    fetch(mirror("good"), mirror("missing"));
    assertThat(destination().list("")).containsExactly("a.gz", "b.gz");
    assertThat(destination().read("b.gz")).isEqualTo(B);
    assertThat(progress)
        .containsExactly(
            "a.gz: 13 bytes from " + mirror("good"), "b.gz: 13 bytes from " + mirror("good"));
  }

  @Test
  void whatIsRightStaysAndWhatIsWrongIsReplaced() throws IOException {
    Files.write(directory.resolve("a.gz"), A);
    Files.write(directory.resolve("b.gz"), A);
    fetch(mirror("good"));
    assertThat(progress)
        .containsExactly("a.gz: already there", "b.gz: 13 bytes from " + mirror("good"));
    assertThat(destination().read("b.gz")).isEqualTo(B);
    fetch("http://127.0.0.1:1/nobody/");
    assertThat(progress).endsWith("a.gz: already there", "b.gz: already there");
  }

  @Test
  void theNextMirrorIsTriedAndTheFailureTold() throws IOException {
    fetch(mirror("missing"), mirror("wrong"), mirror("cut"), mirror("good"));
    assertThat(destination().read("a.gz")).isEqualTo(A);
    assertThat(progress.subList(0, 2))
        .containsExactly(
            mirror("missing") + "a.gz: HTTP status 404, want 200",
            mirror("wrong")
                + "a.gz: SHA-256 is %s, want %s"
                    .formatted(Sha256.of("junk".getBytes(UTF_8)), Sha256.of(A)));
    assertThat(progress.get(2)).startsWith(mirror("cut") + "a.gz: ");
    assertThat(progress.get(3)).isEqualTo("a.gz: 13 bytes from " + mirror("good"));
  }

  @Test
  void whenAllFailEachIsNamedAndNothingIsKept() {
    assertThatThrownBy(() -> fetch(mirror("missing"), mirror("wrong")))
        .isInstanceOf(DataException.class)
        .hasMessageStartingWith("cannot fetch a.gz (" + mirror("missing") + ": HTTP status 404")
        .hasMessageContaining(mirror("wrong") + ": SHA-256 is ")
        .hasMessageEndingWith("name another mirror in data.mirrors.mnist");
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void stalledMirrorsMeetTheDeadline() throws IOException {
    MirrorDownload hasty = new MirrorDownload(Duration.ofSeconds(5), Duration.ofMillis(1500));
    fetch(hasty, mirror("stalled"), mirror("good"));
    assertThat(progress.get(0)).isEqualTo(mirror("stalled") + "a.gz: not done within 1.5 s");
    assertThat(destination().read("a.gz")).isEqualTo(A);
  }

  @Test
  void mirrorsThatAreDownAreNamed() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    String down = "http://127.0.0.1:" + port + "/";
    assertThatThrownBy(() -> fetch(down)).hasMessageContaining(down + ": no connection");
  }

  @Test
  void withoutMirrorsNothingCanBeFetched() {
    assertThatThrownBy(this::fetch)
        .isInstanceOf(ConfigException.class)
        .hasMessage("data.mirrors.mnist = []: want at least one URL to fetch from");
  }

  @Test
  void publishedDataGoesByName() {
    assertThat(DataConfig.FETCHABLE)
        .allSatisfy(name -> assertThat(PublishedData.named(name).files()).hasSize(4));
    assertThatThrownBy(() -> PublishedData.named("cifar"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("no data set \"cifar\" to fetch: want one of mnist, fashion-mnist");
  }

  @Test
  void checksumsOfMnistAreThoseOfTheRealFiles() throws IOException {
    Path mnist = Path.of(System.getProperty("lockstep.mnist"));
    Assumptions.assumeTrue(Files.isDirectory(mnist), "no MNIST in " + mnist);
    download.fetch(
        PublishedData.named("mnist"),
        List.of("http://127.0.0.1:1/"),
        Storage.at(new Location(mnist.toString())),
        progress::add);
    assertThat(progress).hasSize(4).allSatisfy(line -> assertThat(line).endsWith("already there"));
  }
}
