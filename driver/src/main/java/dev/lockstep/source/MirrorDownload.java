package dev.lockstep.source;

import dev.lockstep.config.ConfigException;
import dev.lockstep.data.DataException;
import dev.lockstep.serialization.Sha256;
import dev.lockstep.storage.Storage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * Fetches published data from the first mirror that has it. Nothing is kept that has not the
 * published SHA-256.
 */
public final class MirrorDownload {
  private static final Duration CONNECT_DEADLINE = Duration.ofSeconds(10);
  private static final Duration FILE_DEADLINE = Duration.ofMinutes(5);
  private static final int MAX_BYTES = 1 << 27;
  private static final int OK = 200;

  private final HttpClient client;
  private final Duration fileDeadline;

  /** With deadlines that suit a slow line. */
  public MirrorDownload() {
    this(CONNECT_DEADLINE, FILE_DEADLINE);
  }

  /**
   * With deadlines of one's own.
   *
   * @param connectDeadline for a connection to stand
   * @param fileDeadline for a file to be here in full
   */
  public MirrorDownload(Duration connectDeadline, Duration fileDeadline) {
    this.client =
        HttpClient.newBuilder()
            .connectTimeout(connectDeadline)
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
    this.fileDeadline = fileDeadline;
  }

  /**
   * Fetches the files that are not at the destination yet, or not right there.
   *
   * @param mirrors URLs that end in {@code /}, in the order to try
   * @param progress receives a line for each file and each mirror that failed
   * @throws ConfigException if there is no mirror
   * @throws DataException if no mirror has a file; says what is wrong with each
   * @throws IOException if the destination cannot be read or written
   */
  public void fetch(
      PublishedData data, List<String> mirrors, Storage destination, Consumer<String> progress)
      throws IOException {
    if (mirrors.isEmpty()) {
      throw new ConfigException(
          "data.mirrors.%s = []: want at least one URL to fetch from".formatted(data.name()));
    }
    for (PublishedData.File file : data.files()) {
      if (isThere(file, destination)) {
        progress.accept(file.name() + ": already there");
      } else {
        fetch(data.name(), file, mirrors, destination, progress);
      }
    }
  }

  private static boolean isThere(PublishedData.File file, Storage destination) throws IOException {
    return destination.exists(file.name())
        && !destination.isDirectory(file.name())
        && destination.length(file.name()) <= MAX_BYTES
        && Sha256.of(destination.read(file.name())).equals(file.sha256());
  }

  private void fetch(
      String set,
      PublishedData.File file,
      List<String> mirrors,
      Storage destination,
      Consumer<String> progress)
      throws IOException {
    List<String> failures = new ArrayList<>();
    for (String mirror : mirrors) {
      try {
        byte[] bytes = get(URI.create(mirror + file.name()), file.sha256());
        destination.writeAtomically(file.name(), out -> out.write(bytes));
        progress.accept("%s: %d bytes from %s".formatted(file.name(), bytes.length, mirror));
        return;
      } catch (MirrorException e) {
        failures.add(mirror + ": " + e.getMessage());
        progress.accept("%s%s: %s".formatted(mirror, file.name(), e.getMessage()));
      }
    }
    throw new DataException(
        "cannot fetch %s (%s); put it into %s by hand, or name another mirror in data.mirrors.%s"
            .formatted(file.name(), String.join("; ", failures), destination.location(), set));
  }

  private byte[] get(URI uri, String sha256) throws MirrorException, InterruptedIOException {
    Body body = new Body();
    HttpRequest request = HttpRequest.newBuilder(uri).GET().build();
    // A request's own timeout ends with the headers; this deadline is for the body too.
    CompletableFuture<HttpResponse<Void>> answer =
        client.sendAsync(
            request,
            HttpResponse.BodyHandlers.ofByteArrayConsumer(chunk -> chunk.ifPresent(body::add)));
    int status = await(answer).statusCode();
    if (status != OK) {
      throw new MirrorException("HTTP status %d, want %d".formatted(status, OK));
    }
    if (body.isTooLong) {
      throw new MirrorException("more than %d bytes".formatted(MAX_BYTES));
    }
    byte[] bytes = body.bytes.toByteArray();
    String actual = Sha256.of(bytes);
    if (!actual.equals(sha256)) {
      throw new MirrorException("SHA-256 is %s, want %s".formatted(actual, sha256));
    }
    return bytes;
  }

  private <T> T await(CompletableFuture<T> answer) throws MirrorException, InterruptedIOException {
    try {
      return answer.get(fileDeadline.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw new MirrorException("not done within " + text(fileDeadline));
    } catch (ExecutionException e) {
      throw new MirrorException(reason(e.getCause()));
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while fetching data");
    }
  }

  private static String reason(Throwable cause) {
    if (cause instanceof HttpConnectTimeoutException) {
      return "no connection within the deadline";
    }
    if (cause instanceof ConnectException) {
      return "no connection";
    }
    return cause.getMessage() == null ? cause.toString() : cause.getMessage();
  }

  private static String text(Duration duration) {
    return duration.toMillis() / 1000.0 + " s";
  }

  /** What came so far; more than any published file is not kept. */
  private static final class Body {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean isTooLong;

    void add(byte[] chunk) {
      isTooLong |= bytes.size() + chunk.length > MAX_BYTES;
      if (!isTooLong) {
        bytes.writeBytes(chunk);
      }
    }
  }

  /** What is wrong with a mirror. */
  private static final class MirrorException extends Exception {
    private static final long serialVersionUID = 1;

    MirrorException(String message) {
      super(message);
    }
  }
}
