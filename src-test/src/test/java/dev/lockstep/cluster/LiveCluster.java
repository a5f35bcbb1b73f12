package dev.lockstep.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A standalone cluster that {@code deploy/lockstep cluster} has started, whose processes may be
 * struck: a worker that is killed can be given a successor.
 */
public final class LiveCluster {
  private static final String WORKER = "org.apache.spark.deploy.worker.Worker";
  private static final Pattern PAGE = Pattern.compile("service 'MasterUI' on port (\\d+)");
  private static final Duration REGISTER = Duration.ofMinutes(1);
  private static final long POLL_MILLIS = 50;

  private final Launcher launcher;
  private final ClusterDirectory directory;
  private final int workers;
  private final int cores;
  private final String memory;
  private final String url;

  private LiveCluster(
      Launcher launcher, Path directory, int workers, int cores, String memory, String url) {
    this.launcher = launcher;
    this.directory = new ClusterDirectory(directory);
    this.workers = workers;
    this.cores = cores;
    this.memory = memory;
    this.url = url;
  }

  /** Starts one in a directory that is not there yet. */
  public static LiveCluster start(
      Launcher launcher, Path directory, int workers, int cores, String memory)
      throws IOException, InterruptedException {
    Launcher.Ended started =
        launcher
            .run(
                "cluster",
                "start",
                "--dir=" + directory,
                "--workers=" + workers,
                "--cores=" + cores,
                "--memory=" + memory)
            .expect(0);
    return new LiveCluster(launcher, directory, workers, cores, memory, started.out().strip());
  }

  public String url() {
    return url;
  }

  /** The workers that are alive, in the order of their names. */
  public List<ProcessHandle> workers() throws IOException {
    List<ProcessHandle> alive = new ArrayList<>();
    for (Daemon daemon : directory.read().daemons()) {
      if (daemon.name().startsWith("worker")) {
        daemon.find().ifPresent(alive::add);
      }
    }
    return alive;
  }

  /** Master and workers that are alive. */
  public List<ProcessHandle> daemons() throws IOException {
    List<ProcessHandle> alive = new ArrayList<>();
    directory.read().daemons().forEach(daemon -> daemon.find().ifPresent(alive::add));
    return alive;
  }

  /** Starts successors of the workers that have died, and waits until the master knows all. */
  public void heal() throws IOException, InterruptedException {
    revive();
    String port = new DaemonLog(directory.log("master")).find(PAGE).orElseThrow();
    MasterPage page = new MasterPage("127.0.0.1", port);
    long deadline = System.nanoTime() + REGISTER.toNanos();
    while (page.aliveWorkers() != workers) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(
            "%d of %d workers have registered".formatted(page.aliveWorkers(), workers));
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  /** Kills a worker, and waits until it is gone: its successor is to be missed. */
  public void kill(ProcessHandle worker) {
    worker.destroyForcibly();
    worker.onExit().join();
  }

  /** Starts successors of the workers that have died. */
  public void revive() throws IOException {
    ClusterDirectory.State state = directory.read();
    List<Daemon> daemons = new ArrayList<>();
    for (Daemon daemon : state.daemons()) {
      boolean isAlive = daemon.find().isPresent();
      daemons.add(isAlive ? daemon : Daemon.of(daemon.name(), startWorker(daemon.name())));
    }
    directory.write(new ClusterDirectory.State(url, daemons));
  }

  private ProcessHandle startWorker(String name) throws IOException {
    Path scratch = directory.scratch(name);
    List<String> arguments =
        List.of(
            "--host",
            "127.0.0.1",
            "--webui-port",
            "0",
            "--cores",
            Integer.toString(cores),
            "--memory",
            memory,
            "--work-dir",
            scratch.toString(),
            url);
    SparkHome spark = new SparkHome(Launcher.HOME.resolve("driver/target/spark"));
    return spark.start(WORKER, arguments, directory.log(name), scratch).toHandle();
  }

  /** Where workers and their executors write. */
  public Path path() {
    return directory.path();
  }

  /** Ends all of it. */
  public void stop() throws IOException, InterruptedException {
    launcher.run("cluster", "stop", "--dir=" + directory.path()).expect(0);
  }
}
