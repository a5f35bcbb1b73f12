package dev.lockstep.cluster;

import dev.lockstep.cluster.ClusterDirectory.State;
import dev.lockstep.config.ConfigException;
import dev.lockstep.spark.ClusterException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A master and workers of Spark, each a process of its own on this machine. They outlive the JVM
 * that starts them; another one, which knows them from the directory, ends them.
 */
public final class StandaloneCluster {
  private static final String MASTER = "master";
  private static final String MASTER_CLASS = "org.apache.spark.deploy.master.Master";
  private static final String WORKER_CLASS = "org.apache.spark.deploy.worker.Worker";
  private static final String HOST = "127.0.0.1";
  private static final Pattern URL = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Pattern PAGE = Pattern.compile("service 'MasterUI' on port (\\d+)");

  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration GRACE = Duration.ofSeconds(10);
  private static final Duration KILL = Duration.ofSeconds(10);
  private static final long POLL_MILLIS = 50;

  private final ClusterDirectory directory;
  private final List<Daemon> daemons = new ArrayList<>();
  private String url = "";
  private volatile boolean isAbandoned;
  private final long deadline = System.nanoTime() + START.toNanos();

  private StandaloneCluster(ClusterDirectory directory) {
    this.directory = directory;
  }

  /**
   * Starts a cluster and waits until all workers have registered; the master's spark:// URL.
   *
   * @throws ConfigException if one is running already
   * @throws ClusterException if it does not come up; what was started has then ended again
   */
  public static String start(SparkHome spark, ClusterShape shape, Path path) throws IOException {
    ClusterDirectory directory = new ClusterDirectory(path.toAbsolutePath().normalize());
    if (directory.hasState()) {
      State state = directory.read();
      if (state.isAlive()) {
        throw new ConfigException(
            "a cluster is running at %s (state in %s); end it with: deploy/lockstep cluster stop"
                .formatted(state.url(), directory.path()));
      }
      directory.delete();
    }
    directory.create();
    StandaloneCluster cluster = new StandaloneCluster(directory);
    Thread onSignal = new Thread(cluster::abandon, "abandon-cluster");
    Runtime.getRuntime().addShutdownHook(onSignal);
    boolean isUp = false;
    try {
      cluster.start(spark, shape);
      isUp = true;
      return cluster.url;
    } finally {
      if (isRemoved(onSignal) && !isUp) {
        cluster.endAll();
      }
    }
  }

  private static boolean isRemoved(Thread hook) {
    try {
      return Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) { // The JVM is ending, and the hook does its work.
      return false;
    }
  }

  private void start(SparkHome spark, ClusterShape shape) throws IOException {
    List<String> common = List.of("--host", HOST, "--webui-port", "0");
    List<String> arguments = new ArrayList<>(common);
    arguments.addAll(List.of("--port", Integer.toString(shape.port())));
    launch(spark, MASTER, MASTER_CLASS, arguments);
    DaemonLog log = new DaemonLog(directory.log(MASTER));
    url = await(() -> log.find(URL), "the master to come up");
    MasterPage page = new MasterPage(HOST, await(() -> log.find(PAGE), "the master's page"));
    for (int w = 1; w <= shape.workers(); w++) {
      String name = "worker-" + w;
      arguments = new ArrayList<>(common);
      arguments.addAll(List.of("--cores", Integer.toString(shape.cores())));
      arguments.addAll(List.of("--memory", shape.memory()));
      arguments.addAll(List.of("--work-dir", directory.scratch(name).toString(), url));
      launch(spark, name, WORKER_CLASS, arguments);
    }
    await(
        () -> page.aliveWorkers() == shape.workers() ? Optional.of(url) : Optional.empty(),
        "%d workers to register".formatted(shape.workers()));
  }

  private synchronized void launch(
      SparkHome spark, String name, String mainClass, List<String> arguments) throws IOException {
    if (isAbandoned) {
      return;
    }
    Process process =
        spark.start(mainClass, arguments, directory.log(name), directory.scratch(name));
    daemons.add(Daemon.of(name, process.toHandle()));
    directory.write(new State(url, daemons));
  }

  /** Something that is there or not yet. */
  private interface Probe {
    Optional<String> get() throws IOException;
  }

  private String await(Probe probe, String what) throws IOException {
    while (true) {
      if (isAbandoned) {
        throw new ClusterException("interrupted; what had been started is ended again", null);
      }
      Optional<String> answer = probe.get();
      if (answer.isPresent()) {
        return answer.get();
      }
      for (Daemon daemon : daemons) {
        if (daemon.find().isEmpty()) {
          throw new ClusterException(
              "the %s of the cluster ended while it started: %s"
                  .formatted(daemon.name(), new DaemonLog(directory.log(daemon.name())).reason()),
              null);
        }
      }
      if (System.nanoTime() > deadline) {
        throw new ClusterException(
            "waited %d s for %s; the master's log says: %s"
                .formatted(START.toSeconds(), what, new DaemonLog(directory.log(MASTER)).reason()),
            null);
      }
      pause();
    }
  }

  private void abandon() {
    isAbandoned = true;
    endAll();
  }

  private synchronized void endAll() {
    try {
      end(daemons);
      directory.delete();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Ends a cluster, with its executors, and removes its directory; the URL that it had.
   *
   * @throws ConfigException if there is none
   */
  public static String stop(Path path) throws IOException {
    ClusterDirectory directory = new ClusterDirectory(path.toAbsolutePath().normalize());
    if (!directory.hasState()) {
      throw new ConfigException(
          "there is no cluster to stop: %s holds no state of one".formatted(directory.path()));
    }
    State state = directory.read();
    end(state.daemons());
    directory.delete();
    return state.url();
  }

  /** Asks the daemons to end, and with them their executors; after a while, ends them. */
  private static void end(List<Daemon> daemons) {
    List<ProcessHandle> all = new ArrayList<>();
    for (Daemon daemon : daemons) {
      daemon
          .find()
          .ifPresent(
              process -> {
                all.add(process);
                process.descendants().forEach(all::add);
              });
    }
    all.forEach(ProcessHandle::destroy);
    if (haveEnded(all, GRACE)) {
      return;
    }
    all.forEach(ProcessHandle::destroyForcibly);
    if (!haveEnded(all, KILL)) {
      throw new ClusterException(
          "processes %s do not end"
              .formatted(
                  all.stream().filter(ProcessHandle::isAlive).map(ProcessHandle::pid).toList()),
          null);
    }
  }

  private static boolean haveEnded(List<ProcessHandle> processes, Duration within) {
    long deadline = System.nanoTime() + within.toNanos();
    while (processes.stream().anyMatch(ProcessHandle::isAlive)) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      pause();
    }
    return true;
  }

  private static void pause() {
    try {
      Thread.sleep(POLL_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClusterException("interrupted while waiting for the cluster", e);
    }
  }
}
