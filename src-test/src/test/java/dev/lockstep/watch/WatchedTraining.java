package dev.lockstep.watch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.cluster.Launcher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * {@code deploy/lockstep train} as a user calls it who wants to watch: with Spark's UI, an event
 * log and the Prometheus servlet.
 *
 * @param directory where the run and the event log are
 * @param running the process
 * @param address of Spark's UI
 */
record WatchedTraining(Path directory, Launcher.Running running, String address)
    implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Starts a run of so many epochs on two ranks. */
  static WatchedTraining start(Path directory, int epochs) throws IOException {
    Path events = Files.createDirectories(directory.resolve("events"));
    int port = Http.freePort();
    List<String> words = new ArrayList<>(List.of("train", "--master", "local[2]", "--out", "run"));
    words.addAll(List.of("--data", "synthetic:digits?n=6000&seed=1"));
    for (String setting :
        List.of(
            "layers=[dense 64 relu, dropout 0.2, dense 10]",
            "validation.fraction=0.1",
            "round.steps=20",
            "tensorboard=true",
            "epochs=" + epochs)) {
      words.addAll(List.of("--set", setting));
    }
    for (String setting :
        List.of(
            "spark.ui.enabled=true",
            "spark.ui.port=" + port,
            "spark.eventLog.enabled=true",
            "spark.eventLog.dir=" + events.toUri(),
            "spark.metrics.conf.*.sink.prometheusServlet.class=org.apache.spark.metrics.sink.PrometheusServlet",
            "spark.metrics.conf.*.sink.prometheusServlet.path=/metrics/prometheus")) {
      words.addAll(List.of("--conf", setting));
    }
    Launcher.Running running =
        new Launcher(directory).start(Launcher.HOME.resolve("deploy/lockstep"), Map.of(), words);
    return new WatchedTraining(directory, running, "http://localhost:" + port);
  }

  String tab() {
    return address + "/training/";
  }

  /** The page, as soon as it is as wanted; the last one that there was if it never is. */
  Page await(Predicate<Page> isWanted) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    Page page = new Page("");
    while (running.process().isAlive() && System.nanoTime() < deadline) {
      Page now = new Page(Http.get(tab()));
      page = now.html().isEmpty() ? page : now;
      if (isWanted.test(page)) {
        return page;
      }
      Thread.sleep(50);
    }
    return page;
  }

  /** What the Prometheus servlet says of the run. */
  List<String> prometheus() throws InterruptedException {
    return Http.get(address + "/metrics/prometheus/")
        .lines()
        .filter(line -> line.contains("_driver_lockstep_"))
        .toList();
  }

  /** The lines of {@code metrics.jsonl}, once the run has ended. */
  List<JsonNode> metrics() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(directory.resolve("run/metrics.jsonl"))) {
      lines.add(JSON.readTree(line));
    }
    return lines;
  }

  JsonNode summary() throws IOException {
    return JSON.readTree(directory.resolve("run/summary.json").toFile());
  }

  Path events() {
    return directory.resolve("events");
  }

  /** The application that left the event log. */
  String application() throws IOException {
    try (Stream<Path> logs = Files.list(events())) {
      String name = logs.findFirst().orElseThrow().getFileName().toString();
      return name.substring(name.indexOf("local-"));
    }
  }

  @Override
  public void close() {
    running.process().descendants().forEach(ProcessHandle::destroyForcibly);
    running.process().destroyForcibly();
  }
}
