package dev.lockstep.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.cluster.Launcher;
import dev.lockstep.cluster.LiveCluster;
import dev.lockstep.cluster.Processes;
import dev.lockstep.cluster.RunFiles;
import dev.lockstep.hadoop.Digits;
import dev.lockstep.hadoop.MiniHdfs;
import dev.lockstep.storage.Location;
import dev.lockstep.storage.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What all faults of a suite share: one cluster of two workers with two executors each, the runs
 * that they come to, and what these are undisturbed.
 */
final class Ground {
  static final int RANKS = 4;

  /** So many steps lie between two checkpoints. */
  static final int CHECKPOINT = 10;

  /** Noticed soon, for a machine that is busy; docs/reliability.md says what each is for. */
  private static final List<String> DEADLINES =
      List.of(
          "--set=exchange.timeout=5s",
          "--set=round.slots-timeout=45s",
          "--conf=spark.network.timeout=10s",
          "--conf=spark.network.timeoutInterval=1s",
          "--conf=spark.executor.heartbeatInterval=1s");

  private static final int EXAMPLES = 3000;

  /** Where the data come from, unless from HDFS. */
  static final String DIGITS = "synthetic:digits?n=%d&seed=1".formatted(EXAMPLES);

  /** How many DataNodes there are; each block lies on two of them. */
  static final int DATA_NODES = 3;

  /** So slow that the data are read for some seconds. */
  private static final long SENT_PER_SECOND = 500_000;

  private static final String DATA = "/data/digits";

  /** Everything that carries a state from step to step is in it, so that a lost bit shows. */
  private static final List<String> TRAINING =
      List.of(
          "--set=layers=[dense 32 relu, dropout 0.3, dense 10]",
          "--set=optimizer.name=adam",
          "--set=optimizer.learning-rate=0.002",
          "--set=average.decay=0.95",
          "--set=plateau.factor=0.5",
          "--set=plateau.patience=1",
          "--set=validation.fraction=0.1",
          "--set=validation.every=40",
          "--set=batch-size=96",
          "--set=shards=8",
          "--set=checkpoint.every=" + CHECKPOINT);

  /** What one process may take for a run of the suite. */
  private static final Duration ALONE = Duration.ofSeconds(150);

  private static final Duration ENDING = Duration.ofSeconds(30);
  private static final long POLL_MILLIS = 20;

  private final Path directory;
  private final Launcher launcher;
  private final LiveCluster cluster;
  private final Processes processes;
  private final Scratch scratch;
  private final Map<String, RunFiles> undisturbed = new HashMap<>();
  private MiniHdfs hdfs;

  private Ground(Path directory, Launcher launcher, LiveCluster cluster) {
    this.directory = directory;
    this.launcher = launcher;
    this.cluster = cluster;
    this.processes = new Processes(directory);
    this.scratch = new Scratch(directory.resolve("tmp"), cluster.path());
  }

  /** Starts the cluster and trains once undisturbed for each engine. */
  static Ground prepare(Path directory) throws Exception {
    Ground ground = start(directory);
    boolean isReady = false;
    try {
      for (String engine : List.of("allreduce", "tree")) {
        List<String> words = List.of("--set=steps=" + steps(engine));
        RunFiles files = ground.alone("undisturbed-" + engine, words, ALONE);
        assertThat(files.metrics()).hasSize(steps(engine));
        ground.undisturbed.put(engine, files);
      }
      isReady = true;
      return ground;
    } finally {
      if (!isReady) {
        ground.end();
      }
    }
  }

  /** Starts the cluster. */
  static Ground start(Path directory) throws IOException, InterruptedException {
    Files.createDirectories(directory.resolve("tmp"));
    Files.createDirectories(directory.resolve("runs"));
    Launcher launcher = new Launcher(Files.createDirectories(directory.resolve("output")));
    LiveCluster cluster = LiveCluster.start(launcher, directory.resolve("cluster"), 2, 2, "3g");
    Ground ground = new Ground(directory, launcher, cluster);
    boolean isReady = false;
    try {
      ground.archiveClasses();
      isReady = true;
      return ground;
    } finally {
      if (!isReady) {
        ground.end();
      }
    }
  }

  /**
   * A run of one executor leaves an archive of its classes, with which others start sooner; or
   * none, where a busy machine gives it no time for that.
   */
  private void archiveClasses() throws IOException, InterruptedException {
    List<String> options = options("-XX:ArchiveClassesAtExit=" + archive());
    String run = run("archiving").toString();
    List<String> words = new ArrayList<>(train("allreduce", DIGITS, run, options));
    words.addAll(List.of("--set=steps=40", "--set=ranks=1", "--conf=spark.cores.max=1"));
    start(words).await().expect(0);
    awaitEndOfRuns();
  }

  private Path archive() {
    return directory.resolve("executor.jsa");
  }

  /** Trains undisturbed, in one process. */
  RunFiles alone(String name, List<String> more, Duration within) throws Exception {
    Run run = new Run(Storage.at(new Location(run(name).toString())));
    List<String> words = new ArrayList<>(List.of("train", "--data", DIGITS));
    words.addAll(List.of("--out", run.location(), "--set=engine=local"));
    words.addAll(TRAINING);
    words.addAll(more);
    run.isDoneBy(start(words));
    assertThat(run.awaitEnd(within)).as("exit code; stderr: %s", run.err()).isZero();
    return RunFiles.of(run.directory());
  }

  /** A step is a Spark job in one engine and some milliseconds in the other. */
  static int steps(String engine) {
    return engine.equals("tree") ? 60 : 300;
  }

  LiveCluster cluster() {
    return cluster;
  }

  Processes processes() {
    return processes;
  }

  Path directory() {
    return directory;
  }

  /** The directory of a run. */
  Path run(String name) {
    return directory.resolve("runs").resolve(name);
  }

  RunFiles undisturbed(String engine) {
    return undisturbed.get(engine);
  }

  /** What executors are told in every run. */
  List<String> options() {
    return options(Files.exists(archive()) ? "-XX:SharedArchiveFile=" + archive() : "");
  }

  /** The same for a run that is looked at while it lasts. */
  List<String> longLived() {
    return options(Vitals.OPTION);
  }

  private List<String> options(String archive) {
    return List.of(
        "--driver-memory=512m",
        "--executor-memory=512m",
        "--executor-cores=1",
        "--conf=spark.ui.enabled=false",
        "--conf=spark.executor.extraJavaOptions=" + shortLived() + " " + archive);
  }

  /** One compiler is enough for so short a life; its kernels are scalar, to the same bits. */
  String shortLived() {
    return "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC " + temporary();
  }

  /** What Java extracts is to lie where it can be seen. */
  private String temporary() {
    return "-Djava.io.tmpdir=" + directory.resolve("tmp");
  }

  /**
   * An HDFS, which is started when it is first asked for, and the same digits as files on it. It is
   * within this JVM: a DataNode is a thread group here, and a process to those who talk to it.
   */
  MiniHdfs hdfs() throws IOException {
    if (hdfs == null) {
      hdfs = MiniHdfs.startSlow(directory.resolve("hdfs"), DATA_NODES, SENT_PER_SECOND);
      Digits.write(hdfs.storage(DATA), EXAMPLES, "");
    }
    return hdfs;
  }

  /** Where the data lie on HDFS. */
  String digitsOnHdfs() throws IOException {
    return hdfs().uri(DATA);
  }

  /** How many bytes they have there. */
  long bytesOnHdfs() throws IOException {
    Storage data = hdfs().storage(DATA);
    long bytes = 0;
    for (String file : data.list("")) {
      bytes += data.length(file);
    }
    return bytes;
  }

  /** Brings back what has died of the cluster and of HDFS. */
  void heal() throws IOException, InterruptedException {
    cluster.heal();
    if (hdfs != null) {
      hdfs.revive();
    }
  }

  /** The words that begin a run of an engine on the cluster. */
  List<String> train(String engine, String data, String run, List<String> options) {
    List<String> words = new ArrayList<>(List.of("train", "--data", data, "--out", run));
    words.addAll(onCluster(engine, RANKS, options));
    words.addAll(TRAINING);
    words.add("--set=steps=" + steps(engine));
    return words;
  }

  /** The words that run an engine on the cluster. */
  List<String> onCluster(String engine, int ranks, List<String> options) {
    List<String> words = new ArrayList<>(List.of("--master", cluster.url()));
    words.addAll(options);
    words.addAll(List.of("--set=engine=" + engine, "--set=ranks=" + ranks));
    words.add("--set=kernel=scalar");
    words.addAll(DEADLINES);
    return words;
  }

  /** Starts {@code deploy/lockstep}. */
  Launcher.Running start(List<String> words) throws IOException {
    return start(words, words.contains(cluster.url()) ? shortLived() : temporary());
  }

  /** The same for a run that is looked at while it lasts. */
  Launcher.Running startLongLived(List<String> words) throws IOException {
    return start(words, shortLived() + " " + Vitals.OPTION);
  }

  private Launcher.Running start(List<String> words, String options) throws IOException {
    Map<String, String> environment = Map.of("LOCKSTEP_JAVA_OPTS", options);
    return launcher.start(Launcher.HOME.resolve("deploy/lockstep"), environment, words);
  }

  /** Waits until nothing runs but the cluster's daemons; what runs on is an error. */
  void awaitEndOfRuns() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + ENDING.toNanos();
    List<ProcessHandle> left = left();
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(POLL_MILLIS);
      left = left();
    }
    List<String> lines = left.stream().map(Processes::commandLine).toList();
    assertThat(lines).as("processes left behind").isEmpty();
  }

  /** Waits until nothing of a run lies where it does not belong; what stays is an error. */
  void awaitScratch(Set<Path> before, FaultKind kind) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + ENDING.toNanos();
    Set<Path> left = scratch.leftSince(before, kind);
    while (!left.isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(POLL_MILLIS);
      left = scratch.leftSince(before, kind);
    }
    assertThat(left).as("scratch files left behind").isEmpty();
  }

  Scratch scratch() {
    return scratch;
  }

  /** Kills what runs on. */
  void endRuns() throws IOException {
    left().forEach(ProcessHandle::destroyForcibly);
  }

  private List<ProcessHandle> left() throws IOException {
    Set<Long> daemons =
        cluster.daemons().stream().map(ProcessHandle::pid).collect(Collectors.toSet());
    return processes.all().stream().filter(p -> !daemons.contains(p.pid())).toList();
  }

  /** Removes a directory and all that is in it. */
  static void delete(Path path) throws IOException {
    if (Files.exists(path)) {
      try (Stream<Path> files = Files.walk(path)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** Ends the cluster; nothing else may be left by then. */
  void end() throws IOException, InterruptedException {
    try {
      awaitEndOfRuns();
    } finally {
      cluster.stop();
      if (hdfs != null) {
        hdfs.close();
      }
    }
  }
}
